package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"

	"github.com/larkspur/inventory/internal/stock"
)

// Reads a count file of a warehouse from standard input: SKU;quantity.
func main() {
	counts, err := readCounts(os.Stdin)
	if err != nil {
		slog.Error("the count file cannot be read", "error", err)
		os.Exit(1)
	}
	for _, c := range counts {
		fmt.Printf("%s\t%d\n", c.SKU, c.OnHand)
	}
}

func readCounts(r io.Reader) ([]stock.Count, error) {
	reader := csv.NewReader(r)
	reader.Comma = ';'
	reader.FieldsPerRecord = 2
	records, err := reader.ReadAll()
	if err != nil {
		return nil, err
	}
	counts := make([]stock.Count, 0, len(records))
	for i, record := range records {
		n, err := strconv.Atoi(record[1])
		if err != nil {
			return nil, fmt.Errorf("line %d: %q is not a quantity", i+1, record[1])
		}
		counts = append(counts, stock.Count{SKU: record[0], OnHand: n})
	}
	return counts, nil
}
