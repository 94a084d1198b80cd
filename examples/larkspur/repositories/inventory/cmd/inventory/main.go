package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/larkspur/inventory/internal/stock"
)

func main() {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_URL"))
	if err != nil {
		slog.Error("cannot connect to the database", "error", err)
		os.Exit(1)
	}
	store := stock.NewStore(pool)

	router := chi.NewRouter()
	router.Get("/v1/stock", func(w http.ResponseWriter, r *http.Request) {
		levels, err := store.Levels(r.Context(), r.URL.Query()["sku"])
		if err != nil {
			slog.Error("cannot read stock levels", "error", err)
			http.Error(w, "stock levels are not available", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(levels)
	})
	if err := http.ListenAndServe(":8080", router); err != nil {
		slog.Error("the server stopped", "error", err)
		os.Exit(1)
	}
}
