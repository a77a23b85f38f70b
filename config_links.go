package avow

import (
	"time"

	"github.com/avow-dev/avow/internal/calendar"
	"github.com/avow-dev/avow/platform"
)

// LinksConfig says how the addresses of recipients' own policies, and of those whom
// people are led to, are called to see whether they answer.
type LinksConfig struct {
	// Every is how often each address is called, such as P7D. Left out, none is
	// called but by avow recipient links --call.
	Every string `yaml:"every"`

	// Loopback lets this machine be called, for tests and demonstrations. Without
	// it only public addresses are.
	Loopback bool `yaml:"loopback"`
}

// wrong says what is wrong with it; "" when nothing is.
func (l *LinksConfig) wrong() string {
	if l == nil || l.Every == "" || l.parts().Every > 0 {
		return ""
	}
	return "links: every: write days or hours, such as P7D"
}

// parts is what a platform is told of it.
func (l *LinksConfig) parts() (out platform.Links) {
	if l == nil {
		return out
	}
	out.Loopback = l.Loopback
	p, err := calendar.Parse(l.Every)
	if l.Every != "" && err == nil && p.Months == 0 && p.WorkDays == 0 {
		out.Every = time.Duration(p.Days)*24*time.Hour + time.Duration(p.Seconds)*time.Second
	}
	return out
}
