package notice

// Letter is a message of a company's own. It says of what class it is and why it was
// sent, and carries the way out where it has one.
type Letter struct {
	Title   string
	Text    string
	Class   string // in words
	Reason  string // a code
	Purpose string // in words
	WayOut  string // address of one click that ends such messages; "": it has none
}

// Changed tells of a change of the policy before it takes effect.
type Changed struct {
	Major bool
	From  string   // when it takes effect, in words
	What  []string // the differences, in words
	Again bool     // they are asked to accept it
	Keeps bool     // it gives fewer rights, and who does not consent keeps the old ones
	Link  string
}

func (Letter) kind() string  { return "letter" }
func (Changed) kind() string { return "changed" }

// A leaver is a content with a way out.
type leaver interface{ wayOut() string }

func (l Letter) wayOut() string { return l.WayOut }

// ways returns the headers by which a mail program ends such messages with one click
// (RFC 2369, RFC 8058); none where there is no way out.
func ways(c Content) map[string]string {
	l, ok := c.(leaver)
	if !ok || l.wayOut() == "" {
		return nil
	}
	return map[string]string{"List-Unsubscribe": "<" + oneLine(l.wayOut()) + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
}
