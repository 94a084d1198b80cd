// Package sessions keeps sessions in Redis and turns them into tokens.
package sessions

import (
	"context"
	"crypto/ed25519"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/redis/go-redis/v9"
)

const tokenLifetime = 5 * time.Minute

type Store struct {
	redis *redis.Client
	key   ed25519.PrivateKey
}

func NewStore(client *redis.Client) *Store { return &Store{redis: client} }

func (s *Store) WithKey(key ed25519.PrivateKey) *Store {
	s.key = key
	return s
}

// Token returns a signed token for the account of a session.
func (s *Store) Token(ctx context.Context, session string) (string, error) {
	account, err := s.redis.Get(ctx, "session:"+session).Result()
	if err != nil {
		return "", err
	}
	now := time.Now()
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.RegisteredClaims{
		Subject:   account,
		Issuer:    "https://identity.larkspur.example",
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(tokenLifetime)),
	})
	return token.SignedString(s.key)
}
