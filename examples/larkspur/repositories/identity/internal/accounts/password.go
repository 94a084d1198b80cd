package accounts

import (
	"crypto/rand"
	"crypto/subtle"

	"golang.org/x/crypto/argon2"
)

const (
	argonTime    = 3
	argonMemory  = 64 * 1024
	argonThreads = 2
	keyLength    = 32
	saltLength   = 16
)

// Hash returns a random salt followed by the Argon2id hash.
func Hash(password string) ([]byte, error) {
	salt := make([]byte, saltLength)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	return append(salt, derive(password, salt)...), nil
}

// Verify takes the same time whether or not the password is right.
func Verify(password string, stored []byte) bool {
	if len(stored) != saltLength+keyLength {
		return false
	}
	return subtle.ConstantTimeCompare(derive(password, stored[:saltLength]), stored[saltLength:]) == 1
}

func derive(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, keyLength)
}
