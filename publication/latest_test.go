package publication_test

import (
	"testing"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
)

func TestAPolicyThatIsCompiledIsTakenOnlyWhereItIsTheOneInForce(t *testing.T) {
	each(t, func(p *press) {
		a, b := p.texts()
		first, second := p.publish(a), p.publish(b)
		for at, want := range map[*policy.Policy]bool{first.Policy: false, second.Policy: true, nil: false} {
			var v *publication.Version
			p.must(p.data.Read(p.Context(), func(r *db.Snapshot) (err error) {
				v, _, err = publication.Latest(p.Context(), r, "a.yaml", at)
				return err
			}))
			if v.Num != second.Num || v.Policy.Version() != second.Policy.Version() || (v.Policy == at) != want {
				p.Errorf("version %d, %s; taken as it was: %v, want %v", v.Num, v.Policy.Version(), v.Policy == at, want)
			}
		}
	})
}
