package rights

import (
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/internal/seal"
)

// ofOthers returns what of a row stands in a person's copy: of values that are about
// other people too, not what tells who they are. The person's own identifiers stay.
func (s *Service) ofOthers(who connector.Subject) func(connector.Row) connector.Row {
	p := s.policy()
	own := make([]string, 0, len(who.Identifiers))
	for _, i := range who.Identifiers {
		own = append(own, i.Value.Reveal())
	}
	return func(r connector.Row) connector.Row {
		for i := range r.Values {
			v := &r.Values[i]
			item, err := p.Item(v.Item)
			if v.Item == "" || err != nil || item.Others == "" || v.Null || v.Secret {
				continue
			}
			v.Text = seal.NewPersonal(item.CopyOf(v.Text.Reveal(), v.Others, own))
		}
		return r
	}
}
