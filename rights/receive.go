package rights

import (
	"context"
	"regexp"
	"slices"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// Asked is what a person asks for.
type Asked struct {
	Right       policy.RightKind
	Scope       plan.Scope             // zero: everything
	Identifiers []connector.Identifier // what the person gave to be found by
	Subject     subject.ID             // where it is known already: somebody signed in
	Contact     seal.Personal          // where answers go
	Channel     string                 // as the policy calls it: settings, support, email
	Language    string                 // "": the first of the policy

	// Corrections are the new values of a rectification. The scope follows from
	// them.
	Corrections []Correction
}

// A Correction is the new value of an item.
type Correction struct {
	Item  string
	Value seal.Personal
}

// code is the form of a channel and of a method, which stand in the log, and maxCode
// the most bytes that they have.
const maxCode = 40

var code = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// Receive takes a request down and starts its clocks. The person is found by the
// identifiers: by none of them, then the outside systems are still asked; by
// several people's, then it is fault.Conflict and takes a second identifier.
func (s *Service) Receive(ctx context.Context, asked Asked, by gate.Actor) (ID, error) {
	p := s.policy()
	if _, err := plan.ProcedureOf(asked.Right); err != nil {
		return "", err
	}
	if err := asked.corrections(p); err != nil {
		return "", err
	}
	if err := asked.check(p); err != nil {
		return "", err
	}
	about, err := s.find(ctx, asked)
	if err != nil {
		return "", err
	}
	num, err := s.data.Number(ctx, "subject") // the space of subjects: keys are bound to it
	if err != nil {
		return "", err
	}
	q := &request{
		num: num, version: 1, asks: string(asked.Right), scope: asked.Scope.String(), state: Received, subject: about.Num,
		policy: p.Version(), label: p.Label(), channel: asked.Channel, language: asked.Language, asker: by.Kind(),
	}
	if q.language == "" && len(p.Languages()) > 0 {
		q.language = p.Languages()[0]
	}
	if q.key, err = s.keys.Next(ctx); err != nil {
		return "", err
	}
	d := &details{Contact: asked.Contact.Reveal(), Asker: by.ID}
	d.learn(asked.Identifiers)
	for _, c := range asked.Corrections {
		d.Corrections = append(d.Corrections, correction{c.Item, c.Value.Reveal()})
	}
	if err := s.keep(ctx, q, d); err != nil {
		return "", err
	}
	return s.enter(ctx, p, q, about, by)
}

// enter commits a new request.
func (s *Service) enter(ctx context.Context, p *policy.Policy, q *request, about subject.Facts, by gate.Actor) (ID, error) {
	a := s.data.NewAct()
	q.received = a.Now()
	q.id = ID(id.Ordered(idPrefix, q.received))
	clocks, kept, err := s.clocks(ctx, p, q, about)
	if err != nil {
		return "", err
	}
	q.reply, q.done = deadline(clocks.Reply), deadline(clocks.Done)
	insert(a, q)
	s.keys.Bind(a, q.num, seal.RequestClass, 0, q.key)
	var also []policy.Control
	if kept {
		also = []policy.Control{policy.RightsKept}
	}
	if about.Residence != "" {
		also = append(also, policy.LawsByPerson)
	}
	_, err = s.say(ctx, a, q, about, fact{
		kind: audit.RequestReceived, control: policy.RequestChannel, also: also, by: by, note: q.channel,
		public: append(q.done.fields(), audit.Text(audit.TagChannel, q.channel)),
	})
	if err != nil {
		return "", err
	}
	if err := s.lock(ctx, a, q, about, by); err != nil {
		return "", err
	}
	s.point("rights.receive.before-commit")
	err = s.data.Commit(ctx, a)
	s.gate.Forget(about.Num)
	if err != nil {
		return "", err
	}
	s.point("rights.receive.after-commit")
	return q.id, nil
}

// fields say in the log when a request is due and which rule says so.
func (d due) fields() []audit.Field {
	if d.at.IsZero() {
		return nil
	}
	return []audit.Field{audit.Time(audit.TagDue, d.at), audit.Text(audit.TagRule, d.rule)}
}

// corrections checks what is to be corrected, and makes it the scope.
func (asked *Asked) corrections(p *policy.Policy) error {
	if asked.Right != policy.Rectification {
		if len(asked.Corrections) > 0 {
			return fault.New(fault.Invalid, "new values go with a request for rectification")
		}
		return nil
	}
	var names []string
	for _, c := range asked.Corrections {
		item, err := p.Item(c.Item)
		if err != nil {
			return err
		}
		switch {
		case item.List:
			return fault.New(fault.Invalid, "%s is a list of what happened: have what is wrong erased, and give what is right", item.Name)
		case item.Type == "secret":
			return fault.New(fault.Invalid, "%s is a secret: change it where you sign in", item.Name)
		case slices.Contains(names, item.Name):
			return fault.New(fault.Invalid, "%s is corrected twice: give one value", item.Name)
		}
		if _, err := p.Normal(item.Type, c.Value.Reveal()); err != nil {
			return fault.Wrap(fault.Invalid, err, "%s: the new value is not a valid %s", item.Name, item.Type)
		}
		names = append(names, item.Name)
	}
	if len(names) == 0 {
		return fault.New(fault.Invalid, "say what is to be corrected, item by item, and give the new value")
	}
	asked.Scope = plan.Items(names)
	return nil
}

func (asked Asked) check(p *policy.Policy) error {
	if err := asked.Scope.Check(p); err != nil {
		return err
	}
	if asked.Scope.Kind == plan.Lifting && asked.Right != policy.Restriction {
		return fault.New(fault.Invalid, "only a restriction can be lifted")
	}
	if asked.Right == policy.Restriction && asked.Scope.Kind != plan.Everything && asked.Scope.Kind != plan.Lifting {
		return fault.New(fault.Invalid, "a restriction holds for everything: leave the scope out, or write lift to end one")
	}
	if len(asked.Channel) > maxCode || !code.MatchString(asked.Channel) {
		return fault.New(fault.Invalid, "say through which channel the request came, as the policy calls it: settings, support, email, …")
	}
	if asked.Subject == "" && len(asked.Identifiers) == 0 {
		return fault.New(fault.Invalid, "give at least one identifier to find the person by: an e-mail address, a telephone number, an account id")
	}
	for _, x := range asked.Identifiers {
		if _, err := seal.NormalForm(x.Kind, x.Value.Reveal()); err != nil {
			return err
		}
	}
	return nil
}

// find returns the subject that all known identifiers point to, and the zero
// Facts where none is known.
func (s *Service) find(ctx context.Context, asked Asked) (f subject.Facts, err error) {
	err = s.data.Read(ctx, func(r *db.Snapshot) error {
		if asked.Subject != "" {
			f, err = subject.Get(ctx, r, asked.Subject)
			return err
		}
		people, err := s.candidates(ctx, r, asked.Identifiers)
		switch {
		case err != nil || people == nil:
			return err
		case len(people) == 0:
			return fault.New(fault.Conflict, "the identifiers belong to different people: give identifiers of one person")
		case len(people) > 1:
			return fault.New(fault.Conflict, "%d people share this identifier: give a second one that tells them apart", len(people))
		}
		f, err = subject.ByNum(ctx, r, people[0])
		return err
	})
	return f, err
}

// candidates intersects the people each known identifier points to; nil means
// that no identifier is known.
func (s *Service) candidates(ctx context.Context, r db.Reader, identifiers []connector.Identifier) ([]int64, error) {
	var people []int64
	for _, x := range identifiers {
		digest, err := s.index(x.Kind, x.Value.Reveal())
		if err != nil {
			return nil, err
		}
		list, err := subject.Find(ctx, r, digest)
		if err != nil {
			return nil, err
		}
		var nums []int64
		for _, c := range list {
			if !slices.Contains(nums, c.Num) {
				nums = append(nums, c.Num)
			}
		}
		switch {
		case len(nums) == 0:
		case people == nil:
			people = nums
		default:
			people = slices.DeleteFunc(people, func(n int64) bool { return !slices.Contains(nums, n) })
		}
	}
	return people, nil
}
