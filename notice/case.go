package notice

// CaseOpened says that what somebody wrote, said or sent became a case.
type CaseOpened struct {
	Case  string // its number
	What  string // what kind it is, in words
	Due   string // until when it is answered, in words; "": no date is set
	First string // number of the case that it looks at again; ""
	Link  string // where the person sees it; ""
}

// CaseAnswered brings the answer, and says where to go with it.
type CaseAnswered struct {
	Case      string
	Text      string
	Authority string // to whom the person may complain
	URL       string // of the authority
	Link      string
}

// CaseDelayed says that an answer takes longer, and why.
type CaseDelayed struct {
	Case string
	Why  string // in words
	Due  string // until when, in words
	Link string
}

// CaseClosed says that a case was closed, how, and where to complain.
type CaseClosed struct {
	Case      string
	How       string // in words
	Authority string
	URL       string
	Link      string
}

func (CaseOpened) kind() string   { return "case-opened" }
func (CaseAnswered) kind() string { return "case-answered" }
func (CaseDelayed) kind() string  { return "case-delayed" }
func (CaseClosed) kind() string   { return "case-closed" }
