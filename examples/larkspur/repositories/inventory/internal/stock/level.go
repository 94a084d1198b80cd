// Package stock knows what is on hand, what is reserved and what is available.
package stock

// Count is what a warehouse reports.
type Count struct {
	SKU    string
	OnHand int
}

// Level is what a customer may buy.
type Level struct {
	SKU       string `json:"sku"`
	Available int    `json:"available"`
}

const safetyPercent = 2

// Available keeps back safety stock, but not of articles of which there are few.
func Available(onHand, reserved int) int {
	safety := 0
	if onHand >= 50 {
		safety = onHand * safetyPercent / 100
	}
	return max(0, onHand-reserved-safety)
}
