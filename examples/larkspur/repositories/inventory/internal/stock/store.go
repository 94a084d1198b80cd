package stock

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Store struct{ pool *pgxpool.Pool }

func NewStore(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

// Levels sums over all warehouses and leaves unknown articles out.
func (s *Store) Levels(ctx context.Context, skus []string) ([]Level, error) {
	rows, err := s.pool.Query(ctx,
		"select sku, sum(on_hand)::int, sum(reserved)::int from stock where sku = any($1) group by sku", skus)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Level, error) {
		var sku string
		var onHand, reserved int
		err := row.Scan(&sku, &onHand, &reserved)
		return Level{SKU: sku, Available: Available(onHand, reserved)}, err
	})
}
