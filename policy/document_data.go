package policy

// The parts of a policy file about data: purposes, items, retention.

type purposeDoc struct {
	Title     text       `policy:"title" doc:"what people read"`
	Says      text       `policy:"says" doc:"more about it, where the title is not enough"`
	Under     str        `policy:"under" ref:"purposes" doc:"the wider purpose it is part of"`
	Basis     str        `policy:"basis" one:"consent|contract|legal-obligation|vital|public-task|legitimate-interest" doc:"legal ground"`
	Serves    str        `policy:"serves" one:"service|rights|claims|storage" doc:"rights, claims and storage go on under restriction and after closing"`
	DPV       str        `policy:"dpv" doc:"W3C DPV term"`
	Cite      text       `policy:"cite" doc:"the provision, for legal grounds"`
	Interest  text       `policy:"interest" doc:"the interest, for legitimate-interest"`
	Marketing boolean    `policy:"marketing" doc:"direct marketing or advertising"`
	Automated boolean    `policy:"automated" doc:"decides about people without people"`
	OptOut    boolean    `policy:"opt_out" doc:"the person may switch it off"`
	Separate  boolean    `policy:"separate" doc:"consent takes an act of its own"`
	Lapses    period     `policy:"lapses" doc:"consent lapses after this time"`
	Aggregate boolean    `policy:"aggregate_only" doc:"only counts, never a person's values"`
	Refs      list[str]  `policy:"refs" one:"order|ticket|case|contract|request|device" doc:"a use names one of these"`
	Functions list[str]  `policy:"functions" doc:"business functions that may use it"`
	AllItems  boolean    `policy:"all_items" doc:"every item, for rights and claims"`
	Notify    boolean    `policy:"notify" doc:"the person is told of each use"`
	Oblige    list[str]  `policy:"oblige" one:"mask|hash|generalise" doc:"the form in which values are given for it"`
	Result    str        `policy:"result" ref:"items" doc:"the item that holds what it found; while there is one, nothing else is read for it"`
	Assumed   assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why       text       `policy:"why" doc:"why it was set so"`
}

type itemDoc struct {
	Title       text       `policy:"title" doc:"what people read"`
	Category    str        `policy:"category" doc:"Fides/IAB taxonomy key; the type's own when not said"`
	Type        str        `policy:"type" ref:"types" doc:"type of the value"`
	Source      str        `policy:"source" one:"given|observed|received|derived|partner" doc:"how it comes"`
	From        text       `policy:"from" doc:"who gives it, for received and partner"`
	DerivedFrom list[str]  `policy:"derived_from" ref:"items" doc:"items it is computed from"`
	Precision   str        `policy:"precision" one:"country|region|city|street|exact" doc:"how fine a place is"`
	Component   str        `policy:"component" doc:"the part of the software that reads it"`
	At          list[str]  `policy:"at" doc:"collection points"`
	Purposes    list[str]  `policy:"purposes" doc:"what it is used for"`
	Necessary   text       `policy:"necessary" doc:"why the purpose cannot do without it"`
	Without     text       `policy:"without" doc:"what does not work when it is not given"`
	Sensitive   boolean    `policy:"sensitive" doc:"needs a voluntary act and explicit consent"`
	List        boolean    `policy:"list" doc:"a person may have many"`
	Optional    boolean    `policy:"optional" doc:"service does not depend on it"`
	Kinds       list[str]  `policy:"kinds" one:"natural|enterprise" doc:"whom it is asked of; everybody when not said"`
	With        withDoc    `policy:"with" doc:"it comes in only together with a value of another item"`
	Harm        list[str]  `policy:"harm" one:"none|safety|reputation|health|discrimination" doc:"the test of harm: what a leak could endanger; it decides whether the item is sensitive"`
	Scrub       boolean    `policy:"scrub" doc:"details of people are taken out of its text before it is kept"`
	Shows       str        `policy:"shows" one:"last-digits" doc:"nobody who looks sees more than its last digits"`
	Others      str        `policy:"about_others" one:"redact|withhold|show" doc:"values also tell about other people: what copies do with their part"`
	Between     boolean    `policy:"between" doc:"it passes between two people of the platform: who gives it names the other, and it is held for both"`
	Uploaded    list[str]  `policy:"uploaded_for" ref:"purposes" doc:"it stays on the person's device, and comes in for these purposes alone, where they agreed"`
	Keep        str        `policy:"keep" doc:"retention class"`
	Identifier  str        `policy:"identifier" one:"email|phone|account-id|account-name|device-id|cookie-id|customer-no" doc:"kind of identifier it is"`
	Exclusive   boolean    `policy:"exclusive" doc:"belongs to one person only"`
	Assumed     assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why         text       `policy:"why" doc:"why it was set so"`
}

type withDoc struct {
	Item    str    `policy:"item" ref:"items" doc:"the item that has to come with it"`
	AtLeast number `policy:"at_least" doc:"least value of that item, a number"`
}

type neverDoc struct {
	pos      Pos
	Title    text      `policy:"title" doc:"what people read"`
	Category str       `policy:"category" doc:"a category and all below it"`
	Pattern  str       `policy:"pattern" one:"payment-card|cn-resident-id|coordinates" doc:"found in any value"`
	Unless   list[str] `policy:"unless" one:"law" doc:"what lifts it"`
	Except   list[str] `policy:"except" doc:"items it does not hold for"`
	ExceptAt list[str] `policy:"except_at" doc:"collection points it does not hold for"`
	Cite     text      `policy:"cite" doc:"why"`
}

func (n *neverDoc) at(p Pos) { n.pos = p }

type excludedDoc struct {
	Title      text      `policy:"title" doc:"what people read"`
	Kind       str       `policy:"kind" one:"linked-site|public-area|third-party-service|data|agreement" doc:"what sort of thing is left out"`
	Rule       text      `policy:"rule" doc:"which rule holds there instead"`
	Categories list[str] `policy:"categories" doc:"categories that are left out, for data"`
	Items      list[str] `policy:"items" ref:"items" doc:"what a linked site or interface receives"`
	Surfaces   list[str] `policy:"surfaces" ref:"surfaces" doc:"where the boundary is met"`
	URL        str       `policy:"url" doc:"where it is"`

	Fields section[text] `policy:"fields" doc:"of a public register: what the rule has published of people who trade under their own name; nothing else is"`
}

type keepDoc struct {
	Title   text       `policy:"title" doc:"what people read"`
	Until   str        `policy:"until" one:"account-closed|purpose-ended|consent-withdrawn" doc:"the event that ends it"`
	For     period     `policy:"for" doc:"how long"`
	After   str        `policy:"after" one:"account-closed|purpose-ended|consent-withdrawn|last-activity" doc:"the event from which for counts"`
	Then    str        `policy:"then" one:"erase|anonymise" doc:"what happens at the end"`
	Within  period     `policy:"within" doc:"how long that may take"`
	Bucket  period     `policy:"bucket" doc:"rolling classes: values of one period share a key"`
	Ground  str        `policy:"ground" one:"law" doc:"kept because a law says so"`
	Cite    text       `policy:"cite" doc:"which law"`
	Fixed   boolean    `policy:"fixed" doc:"neither shorter nor longer: nothing ends it before its time, and no hold keeps it past it"`
	Assumed assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why     text       `policy:"why" doc:"why it was set so"`
}

type permissionDoc struct {
	Title     text       `policy:"title" doc:"what people call it"`
	Function  text       `policy:"function" doc:"the function that needs it"`
	Purpose   str        `policy:"purpose" ref:"purposes" doc:"what it is for"`
	Purposes  list[str]  `policy:"purposes" ref:"purposes" doc:"what it is for, where it is more than one"`
	Items     list[str]  `policy:"items" ref:"items" doc:"what is read through it"`
	Asked     boolean    `policy:"asked" doc:"the person is asked when the function is first used"`
	Revocable boolean    `policy:"revocable" doc:"the person can take it back in the system's settings"`
	Path      text       `policy:"path" doc:"how to take it back"`
	Help      text       `policy:"help" doc:"who else can help with it: the maker of the device, its operator"`
	Without   text       `policy:"without" doc:"what does not work without it"`
	Surfaces  list[str]  `policy:"surfaces" ref:"surfaces" doc:"where it is used"`
	System    list[str]  `policy:"system" doc:"what the systems call it, such as android.permission.CAMERA"`
	Functions list[str]  `policy:"functions" doc:"business functions in which it is asked for and read through; those of its purposes when not said"`
	Assumed   assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why       text       `policy:"why" doc:"why it was set so"`
}

type cookieDoc struct {
	Title    text       `policy:"title" doc:"what people read"`
	Class    str        `policy:"class" one:"essential|functional|performance|marketing" doc:"all but essential ones wait for a yes"`
	Kind     str        `policy:"kind" one:"cookie|local-storage|session-storage|app-storage" doc:"how it is stored; cookie when not said"`
	Names    list[str]  `policy:"names" doc:"what browsers call it, where that is not its name here; * stands for anything"`
	Size     number     `policy:"size" doc:"how many bytes it holds at most"`
	Purpose  str        `policy:"purpose" ref:"purposes" doc:"what it is for"`
	Purposes list[str]  `policy:"purposes" ref:"purposes" doc:"what it is for, where it is more than one"`
	Lifetime period     `policy:"lifetime" doc:"how long it lives"`
	Session  boolean    `policy:"session" doc:"it ends when the browser is closed"`
	SetBy    str        `policy:"set_by" doc:"first-party, or the name of a recipient"`
	Content  text       `policy:"content" doc:"what is in it"`
	Items    list[str]  `policy:"items" ref:"items" doc:"the items it holds"`
	Without  text       `policy:"without" doc:"what does not work without it"`
	Surfaces list[str]  `policy:"surfaces" ref:"surfaces" doc:"where it is set"`
	Assumed  assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why      text       `policy:"why" doc:"why it was set so"`
}

type beaconDoc struct {
	Title    text       `policy:"title" doc:"what people read"`
	Class    str        `policy:"class" one:"essential|functional|performance|marketing" doc:"all but essential ones wait for a yes"`
	Purpose  str        `policy:"purpose" ref:"purposes" doc:"what it is for"`
	Purposes list[str]  `policy:"purposes" ref:"purposes" doc:"what it is for, where it is more than one"`
	At       list[str]  `policy:"at" ref:"points" doc:"collection points whose pages hold it"`
	Items    list[str]  `policy:"items" ref:"items" doc:"what it sends"`
	SetBy    str        `policy:"set_by" doc:"first-party, or the name of a recipient"`
	URLs     list[str]  `policy:"urls" doc:"where its addresses begin, where avow does not count it itself"`
	Assumed  assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why      text       `policy:"why" doc:"why it was set so"`
}
