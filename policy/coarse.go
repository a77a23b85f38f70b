package policy

import (
	"net/netip"
	"strconv"
	"strings"
)

// Coarsen gives a value of a type in a form that many people share: the year of a
// date, the network of an address, a tenth of a degree of a place, the host of a
// page, the country of a number. A kind of thing that many share anyway, such as a
// language or a version, stays as it is; of everything else nothing is shown.
func Coarsen(typ, value string) string {
	t, ok := typeNamed(typ)
	if !ok {
		return maskAll(value)
	}
	v, err := t.check(value, "")
	if err != nil {
		return maskAll(value)
	}
	switch typ {
	case "birth-date", "date", "time":
		return v[:4]
	case "ip":
		return coarseIP(v)
	case "coordinates":
		return coarsePlace(v)
	case "url", "page-view":
		return maskPage(v)
	case "country", "flag", "gender", "language", "screen", "version":
		return v
	}
	return maskAll(v)
}

// coarseIP keeps the network that a provider announces: 16 bits of IPv4, 32 of IPv6.
func coarseIP(v string) string {
	a, err := netip.ParseAddr(v)
	if err != nil {
		return maskAll(v)
	}
	bits := 32
	if a.Is4() {
		bits = 16
	}
	p, _ := a.Prefix(bits) // both lengths fit
	return p.String()
}

// coarsePlace keeps a tenth of a degree, about eleven kilometres.
func coarsePlace(v string) string {
	parts := strings.Split(v, ",")
	for i, s := range parts {
		d, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if err != nil {
			return maskAll(v)
		}
		parts[i] = strconv.FormatFloat(d, 'f', 1, 64)
	}
	return strings.Join(parts, ", ")
}
