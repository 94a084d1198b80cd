package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/larkspur/identity/internal/accounts"
)

func main() {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_URL"))
	if err != nil {
		slog.Error("cannot connect to the database", "error", err)
		os.Exit(1)
	}
	defer pool.Close()

	router := chi.NewRouter()
	router.Get("/health", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	})
	router.Mount("/v2/accounts", accounts.Routes(accounts.NewStore(pool)))

	slog.Info("identity is listening", "address", ":8080")
	if err := http.ListenAndServe(":8080", router); err != nil {
		slog.Error("the server stopped", "error", err)
		os.Exit(1)
	}
}
