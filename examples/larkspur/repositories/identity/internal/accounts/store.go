// Package accounts keeps the accounts of customers.
package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Account struct {
	ID        uuid.UUID `json:"id"`
	Email     string    `json:"email"`
	Name      string    `json:"name,omitempty"`
	CreatedAt time.Time `json:"createdAt"`
}

type Store struct{ pool *pgxpool.Pool }

func NewStore(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

func (s *Store) Find(ctx context.Context, id uuid.UUID) (Account, error) {
	var a Account
	err := s.pool.QueryRow(ctx,
		"select id, email, name, created_at from accounts where id = $1 and deleted_at is null", id).
		Scan(&a.ID, &a.Email, &a.Name, &a.CreatedAt)
	return a, err
}

func Routes(store *Store) http.Handler {
	router := chi.NewRouter()
	router.Get("/{accountId}", func(w http.ResponseWriter, r *http.Request) {
		id, err := uuid.Parse(chi.URLParam(r, "accountId"))
		if err != nil {
			http.Error(w, "not an account identifier", http.StatusBadRequest)
			return
		}
		account, err := store.Find(r.Context(), id)
		if errors.Is(err, pgx.ErrNoRows) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(account)
	})
	return router
}
