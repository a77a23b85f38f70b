package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestOnlyWhoTakesGzipGetsIt(t *testing.T) {
	text := []byte(strings.Repeat("a policy says much, ", 200))
	for accept, want := range map[string]bool{
		"": false, "gzip": true, "br, gzip": true, "gzip;q=0": false, "gzip; q=0.0": false, "gzip;q=0.5, br": true, "br": false, "xgzip": false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		send(w, r, http.StatusOK, text, pack(text, gzip.BestSpeed))
		got := w.Body.Bytes()
		if packed := w.Header().Get("Content-Encoding") == "gzip"; packed != want {
			t.Errorf("%q: compressed: %v", accept, packed)
		} else if packed {
			z, err := gzip.NewReader(bytes.NewReader(got))
			if err != nil {
				t.Fatal(err)
			}
			if got, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(got, text) || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: %d bytes, Vary %q", accept, len(got), w.Header().Get("Vary"))
		}
	}
}

func TestWhatIsShortIsNotCompressed(t *testing.T) {
	if pack([]byte(strings.Repeat("x", worth-1)), gzip.BestSpeed) != nil {
		t.Error("something short is compressed")
	}
}
