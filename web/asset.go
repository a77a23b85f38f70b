package web

import (
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/avow-dev/avow/fault"
)

//go:embed assets
var assetFiles embed.FS

// assets are files whose address holds the hash of their content, so that a
// browser may keep them for ever.
type assets struct {
	address map[string]string        // "avow.css" → "/assets/avow.1a2b3c4d.css"
	content map[string][]byte        // by address
	packed  map[string]func() []byte // the same, compressed when it is first asked for
}

func newAssets() (*assets, error) {
	a := &assets{address: map[string]string{}, content: map[string][]byte{}, packed: map[string]func() []byte{}}
	return a, a.add(assetFiles, "assets")
}

func (a *assets) add(fsys fs.FS, dir string) error {
	files, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return err
	}
	for _, file := range files {
		b, err := fs.ReadFile(fsys, path.Join(dir, file.Name()))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(b)
		ext := path.Ext(file.Name())
		address := "/assets/" + strings.TrimSuffix(file.Name(), ext) + "." + hex.EncodeToString(sum[:5]) + ext
		if a.address[file.Name()] != "" {
			return fault.New(fault.Invalid, "two assets are called %s: give one another name", file.Name())
		}
		a.address[file.Name()], a.content[address] = address, b
		a.packed[address] = sync.OnceValue(func() []byte { return pack(b, gzip.BestCompression) })
	}
	return nil
}

// AddAssets serves the files of a directory of fsys under /assets/ too. Call it
// before the first request.
func (f *Frame) AddAssets(fsys fs.FS, dir string) error { return f.assets.add(fsys, dir) }

// Asset returns the address of an asset, "" where there is none of that name.
func (f *Frame) Asset(name string) string { return f.assets.address[name] }

func (a *assets) serve(f *Frame) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if a.content[r.URL.Path] == nil {
			f.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		a.write(w, r, r.URL.Path)
	}
}

func (a *assets) favicon(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=86400")
	a.write(w, r, a.address["favicon.svg"])
}

func (a *assets) write(w http.ResponseWriter, r *http.Request, address string) {
	types := map[string]string{
		".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8",
		".png": "image/png", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
	}
	kind := types[path.Ext(address)]
	if kind == "" {
		kind = "application/octet-stream"
	}
	w.Header().Set("Content-Type", kind)
	send(w, r, http.StatusOK, a.content[address], a.packed[address]())
}
