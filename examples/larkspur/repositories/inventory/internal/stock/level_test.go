package stock

import "testing"

func TestAvailable(t *testing.T) {
	cases := []struct{ onHand, reserved, want int }{
		{10, 0, 10},
		{10, 3, 7},
		{10, 12, 0},
		{100, 0, 98},
		{500, 40, 450},
	}
	for _, c := range cases {
		if got := Available(c.onHand, c.reserved); got != c.want {
			t.Errorf("Available(%d, %d) = %d, want %d", c.onHand, c.reserved, got, c.want)
		}
	}
}
