package journal

import (
	"fmt"
	"os"
)

// A Copy is a journal that was shipped elsewhere, read once.
type Copy struct {
	Records []Record // oldest first
	Head    Head
	Torn    int64 // bytes at the end that are no whole frame: the copy was taken in mid-write

	heads []Head
}

// Read reads a platform's journal without opening it for writing. It returns
// fault.Invalid when it is damaged or another platform's.
func Read(path, platform string) (*Copy, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("journal read: %w", err)
	}
	c, err := parse(path, platform, b)
	if err != nil {
		return nil, fmt.Errorf("journal read: %w", err)
	}
	return &Copy{
		Records: c.records,
		Head:    c.heads[len(c.heads)-1],
		Torn:    c.torn(b),
		heads:   c.heads,
	}, nil
}

// Extends reports whether this journal holds everything that the one with head
// h held: it is the same journal, at h or later. A journal that was cut back,
// begun anew or rewritten does not.
func (c *Copy) Extends(h Head) bool {
	return h.Count >= 0 && h.Count < int64(len(c.heads)) && c.heads[h.Count].Chain == h.Chain
}
