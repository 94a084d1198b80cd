package accounts

import "testing"

func TestVerify(t *testing.T) {
	stored, err := Hash("correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !Verify("correct horse", stored) {
		t.Error("the right password was refused")
	}
	if Verify("wrong horse", stored) {
		t.Error("a wrong password was accepted")
	}
	if Verify("correct horse", stored[:10]) {
		t.Error("a truncated hash was accepted")
	}
}
