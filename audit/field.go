package audit

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/seal"
)

// A Field is one fact of an entry: a tag and its value. Make one with [Text],
// [Num], [Nums], [Bytes], [Time], [Flag] or [Personal]; which of them, the tag's
// comment says. Reading a field in another form than its own gives the zero value.
type Field struct {
	Tag  Tag
	form form
	num  uint64 // of formNum, formTime and formFlag
	text string // of formText
	raw  []byte // of formRaw, formNums and formBytes
}

// integer is any integer type: the policy's numbers, counts, ids.
type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// Text makes a field of text. In a public part the text is a code: printable
// ASCII with no space and no @, at most 200 bytes.
func Text[T ~string](t Tag, s T) Field { return Field{Tag: t, form: formText, text: string(s)} }

// Num makes a field of a number, which must not be negative.
func Num[T integer](t Tag, n T) Field {
	if n < 0 {
		return Field{Tag: t, form: formRaw} // refused by Append: no form of a known tag
	}
	return Field{Tag: t, form: formNum, num: uint64(n)}
}

// Nums makes a field of numbers, in the order given; none may be negative.
func Nums[T integer](t Tag, list []T) Field {
	raw := make([]byte, 0, 2*len(list))
	for _, n := range list {
		if n < 0 {
			return Field{Tag: t, form: formRaw}
		}
		raw = binary.AppendUvarint(raw, uint64(n))
	}
	return Field{Tag: t, form: formNums, raw: raw}
}

// Bytes makes a field of bytes; b is not copied.
func Bytes(t Tag, b []byte) Field { return Field{Tag: t, form: formBytes, raw: b} }

// Time makes a field of a time, kept to the microsecond.
func Time(t Tag, at time.Time) Field {
	return Field{Tag: t, form: formTime, num: uint64(at.UnixMicro())}
}

// Flag makes a field of yes or no.
func Flag(t Tag, yes bool) Field {
	f := Field{Tag: t, form: formFlag}
	if yes {
		f.num = 1
	}
	return f
}

// Personal makes a text field of a personal value. Only a private tag takes it.
func Personal(t Tag, p seal.Personal) Field {
	if !t.Private() {
		return Field{Tag: t, form: formRaw}
	}
	return Text(t, p.Reveal())
}

// Text returns the value of a text field.
func (f Field) Text() string {
	if f.form == formRaw && f.Tag.form() == formText {
		return string(f.raw)
	}
	return f.text
}

// Num returns the value of a number field.
func (f Field) Num() uint64 {
	if f.form != formRaw {
		return f.num
	}
	n, size := uvarint(f.raw)
	if size != len(f.raw) {
		return 0
	}
	return n
}

// Nums returns the numbers of a list field.
func (f Field) Nums() []uint64 {
	var list []uint64
	for b := f.raw; len(b) > 0; {
		n, size := uvarint(b)
		if size <= 0 {
			return nil
		}
		list, b = append(list, n), b[size:]
	}
	return list
}

// Bytes returns the value as it stands in the entry.
func (f Field) Bytes() []byte {
	if f.form == formRaw {
		return f.raw
	}
	return f.appendValue(nil)
}

// Time returns the value of a time field, in UTC.
func (f Field) Time() time.Time {
	if f.form == formTime {
		return time.UnixMicro(int64(f.num)).UTC()
	}
	if len(f.raw) != 8 {
		return time.Time{}
	}
	return time.UnixMicro(int64(binary.BigEndian.Uint64(f.raw))).UTC()
}

// Flag returns the value of a flag field.
func (f Field) Flag() bool { return f.Num() == 1 }

// Equal reports whether both fields stand for the same bytes.
func (f Field) Equal(g Field) bool { return f.Tag == g.Tag && string(f.Bytes()) == string(g.Bytes()) }

// String shows a field of the public part, such as count=3; of a private tag it
// shows no value (I-6).
func (f Field) String() string {
	if f.Tag.Private() {
		return f.Tag.String() + "=[personal]"
	}
	switch f.Tag.form() {
	case formText:
		return f.Tag.String() + "=" + f.Text()
	case formNum, formFlag:
		return fmt.Sprintf("%s=%d", f.Tag, f.Num())
	case formNums:
		return fmt.Sprintf("%s=%d", f.Tag, f.Nums())
	case formTime:
		return f.Tag.String() + "=" + f.Time().Format(time.RFC3339Nano)
	default:
		return fmt.Sprintf("%s=%x", f.Tag, f.Bytes())
	}
}

func (f Field) valueSize() int {
	switch f.form {
	case formText:
		return len(f.text)
	case formNum, formFlag:
		return uvarintSize(f.num)
	case formTime:
		return 8
	default:
		return len(f.raw)
	}
}

func (f Field) appendValue(b []byte) []byte {
	switch f.form {
	case formText:
		return append(b, f.text...)
	case formNum, formFlag:
		return binary.AppendUvarint(b, f.num)
	case formTime:
		return binary.BigEndian.AppendUint64(b, f.num)
	default:
		return append(b, f.raw...)
	}
}

// check says why a field made by a caller may not be written.
func (f Field) check(public bool) error {
	want := f.Tag.form()
	switch {
	case want == formRaw:
		return fault.New(fault.Invalid, "the log knows no field %s: use a tag of package audit", f.Tag)
	case f.form == formRaw:
		return fault.New(fault.Invalid, "the field %s has a negative number, or a personal value under a public tag", f.Tag)
	case f.form != want:
		return fault.New(fault.Invalid, "the field %s was made in another form than its own: see the tag's comment", f.Tag)
	case public && f.Tag.Private():
		return fault.New(fault.Invalid, "the field %s is personal: put it into the private fields of the entry", f.Tag)
	case public && f.form == formText && !code(f.text):
		return fault.New(fault.Invalid, "the public field %s is not a code: letters, digits and signs, no space, no @, at most 200 bytes", f.Tag)
	}
	return nil
}

// code reports whether a public text can be a code and not a personal value by
// accident.
func code(s string) bool {
	if s == "" || len(s) > 200 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || c == '@' {
			return false
		}
	}
	return true
}

// Fields are the fields of a part of an entry, ascending by tag.
type Fields []Field

// Get returns the first field with the tag.
func (fs Fields) Get(t Tag) (Field, bool) {
	for _, f := range fs {
		if f.Tag == t {
			return f, true
		}
	}
	return Field{}, false
}

// count returns how many fields have the tag.
func (fs Fields) count(t Tag) (n int) {
	for i := range fs {
		if fs[i].Tag == t {
			n++
		}
	}
	return n
}

// All returns every field with the tag, in order.
func (fs Fields) All(t Tag) Fields {
	var all Fields
	for _, f := range fs {
		if f.Tag == t {
			all = append(all, f)
		}
	}
	return all
}

// Text returns the first text with the tag, or "".
func (fs Fields) Text(t Tag) string { f, _ := fs.Get(t); return f.Text() }

// Num returns the first number with the tag, or 0.
func (fs Fields) Num(t Tag) uint64 { f, _ := fs.Get(t); return f.Num() }

// Nums returns the numbers of the first list with the tag.
func (fs Fields) Nums(t Tag) []uint64 { f, _ := fs.Get(t); return f.Nums() }

// Flag reports whether the first flag with the tag is set.
func (fs Fields) Flag(t Tag) bool { f, _ := fs.Get(t); return f.Flag() }
