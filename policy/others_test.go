package policy

import "testing"

func TestACopyHidesTheOtherAndKeepsOnesOwn(t *testing.T) {
	it := &Item{Others: "redact"}
	got := it.CopyOf("Ann Lee: write to ann@mail.example or lin@mail.example", []string{"Ann Lee"}, []string{"lin@mail.example"})
	if want := Gone + ": write to " + Gone + " or lin@mail.example"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if it.Others = "withhold"; it.CopyOf("Ann", nil, nil) != Withheld {
		t.Error("a list of others stands in a copy")
	}
}
