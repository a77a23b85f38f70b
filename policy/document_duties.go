package policy

// The parts of a policy file about others and about duties: recipients,
// sharing, rights, changes, incidents, security, staff.

type recipientDoc struct {
	Name      text       `policy:"name" doc:"the company"`
	Product   text       `policy:"product" doc:"its product, such as the name of an SDK"`
	Role      str        `policy:"role" one:"processor|sdk|partner|affiliate|authority|successor" doc:"what it is to the controller"`
	Purposes  list[str]  `policy:"purposes" doc:"what it gets data for"`
	Items     list[str]  `policy:"items" doc:"what it gets"`
	Country   str        `policy:"country" doc:"where it processes"`
	Method    str        `policy:"method" one:"sdk-direct|transfer|redirect|hosting" doc:"how it gets it"`
	URL       str        `policy:"url" doc:"its own policy"`
	Agreement str        `policy:"agreement" one:"required|none" doc:"must an agreement be in force"`
	Audit     period     `policy:"audit" doc:"how often it is audited"`
	Review    str        `policy:"review" one:"required|none" doc:"must its ability and its security have been assessed"`
	Instruct  str        `policy:"instructions" one:"required|none" doc:"must it have accepted the instructions of the version in force"`
	Measures  list[text] `policy:"measures" doc:"how it protects the data"`
	Standards list[str]  `policy:"standards" doc:"standards it keeps, such as PCI DSS"`
	Devices   list[str]  `policy:"devices" doc:"makes of device it runs on"`
	Surfaces  list[str]  `policy:"surfaces" ref:"surfaces" doc:"where it is built in"`
	Needs     list[str]  `policy:"needs" one:"instrument|interest|consent|approval|clause|finding|necessity|request|ticket|certificate|order" doc:"as for a sharing case, for this recipient; ticket: recorded as this person's, and open; certificate: the duty recipient-certificate is signed; order: recorded as this person's with this recipient, and not over"`
	Oblige    list[str]  `policy:"oblige" one:"mask|hash|generalise|notify|seal|anonymise" doc:"what is done to values first; seal: sensitive ones go out in a parcel encrypted to its key; anonymise: they go out in records without a person"`
	Assumed   assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why       text       `policy:"why" doc:"why it was set so"`
}

type sharingDoc struct {
	Stance     str              `policy:"stance" one:"never|listed" doc:"what the text says first: nothing is shared, or only in the cases listed"`
	Sale       str              `policy:"sale" one:"never|never-without-consent|allowed" doc:"is data sold"`
	Allow      list[str]        `policy:"allow" one:"entrusted|consent|contract|affiliates|legal|protection|succession|public|statistics" doc:"cases in which data is shared"`
	Cases      section[caseDoc] `policy:"cases" one:"entrusted|consent|contract|affiliates|legal|protection|succession|public|statistics" doc:"more about a case"`
	Succession successionDoc    `policy:"succession" doc:"what happens when the business changes hands"`
}

type caseDoc struct {
	Title   text       `policy:"title" doc:"what people read"`
	Needs   list[str]  `policy:"needs" one:"instrument|interest|consent|approval|clause|finding|necessity|request" doc:"what a disclosure must name, and (approval, finding, request) what must stand recorded behind it"`
	Items   list[str]  `policy:"items" ref:"items" doc:"only these items"`
	Assumed assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why     text       `policy:"why" doc:"why it was set so"`
}

type successionDoc struct {
	Notice   str        `policy:"notice" one:"before|after|none" doc:"when people are told"`
	Before   period     `policy:"before" doc:"how long before"`
	Channels list[str]  `policy:"channels" one:"popup|email|sms|push|page|notification-centre|announcement" doc:"how people are told"`
	Binds    boolean    `policy:"binds" doc:"the successor is bound by this policy"`
	Consent  boolean    `policy:"consent" doc:"a change of purpose asks for consent again"`
	Assumed  assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why      text       `policy:"why" doc:"why it was set so"`
}

type residencyDoc struct {
	Store     list[str]         `policy:"store" doc:"countries data is stored in"`
	Abroad    list[str]         `policy:"abroad" one:"law|explicit-consent|free" doc:"what lets data go elsewhere"`
	Safeguard list[str]         `policy:"safeguards" one:"contract-clauses|assessment|certification|adequacy" doc:"what protects data that goes abroad"`
	Places    section[placeDoc] `policy:"places" doc:"the stores themselves"`
	Assumed   assumption        `policy:"assumed" doc:"the published text leaves it open"`
	Why       text              `policy:"why" doc:"why it was set so"`
}

type placeDoc struct {
	Title    text      `policy:"title" doc:"what people read"`
	Country  str       `policy:"country" doc:"ISO 3166 code"`
	Operator str       `policy:"operator" doc:"self, or the name of a recipient"`
	Surfaces list[str] `policy:"surfaces" ref:"surfaces" doc:"whose data is there"`
	Backups  boolean   `policy:"backups" doc:"it holds backups"`
}

type statisticsDoc struct {
	Smallest number           `policy:"smallest_group" doc:"a count of fewer people is not shown"`
	Share    list[str]        `policy:"share" one:"public|partners|affiliates" doc:"who may see counts; nobody outside when not said"`
	Approve  boolean          `policy:"approve" doc:"someone approves each release"`
	Sets     section[statSet] `policy:"sets" doc:"the counts that are made"`
	Assumed  assumption       `policy:"assumed" doc:"the published text leaves it open"`
	Why      text             `policy:"why" doc:"why it was set so"`
}

type statSet struct {
	Title   text      `policy:"title" doc:"what people read"`
	Purpose str       `policy:"purpose" ref:"purposes" doc:"what it is for"`
	Items   list[str] `policy:"items" ref:"items" doc:"what is counted"`
	By      list[str] `policy:"by" doc:"how counts are split, such as day or country"`
	Every   period    `policy:"every" doc:"how often"`
	Shared  boolean   `policy:"shared" doc:"it may leave the controller"`
}

type rightDoc struct {
	Title         text       `policy:"title" doc:"what people read"`
	Channels      list[str]  `policy:"channels" one:"settings|support|phone|web|email|post|chat" doc:"where it can be asked for"`
	Verify        str        `policy:"verify" one:"login|identifier|document|none" doc:"how the person is verified"`
	Confirm       period     `policy:"confirm" doc:"acknowledged within"`
	Reply         period     `policy:"reply" doc:"answered within"`
	Done          period     `policy:"done" doc:"carried out within"`
	Backups       period     `policy:"backups" doc:"gone from backups within"`
	Extend        period     `policy:"extend" doc:"the reply may take this much longer"`
	Circumstances list[text] `policy:"circumstances" doc:"when it can be asked for"`
	Exceptions    list[text] `policy:"exceptions" doc:"when it is refused"`
	Paths         list[text] `policy:"paths" doc:"how to get there in the app"`
	Purposes      list[str]  `policy:"purposes" ref:"purposes" doc:"what can be objected to or switched off"`
	Formats       list[str]  `policy:"formats" one:"json|csv|html|pdf" doc:"forms a copy comes in"`
	Fee           str        `policy:"fee" one:"free|cost" doc:"what it costs"`
	Assumed       assumption `policy:"assumed" doc:"what the published text leaves open"`
	Why           text       `policy:"why" doc:"why it was set so"`
}

type changesDoc struct {
	Major   changeDoc  `policy:"major" doc:"changes that touch what people agreed to"`
	Minor   changeDoc  `policy:"minor" doc:"all others"`
	What    list[text] `policy:"what" doc:"what the text calls major"`
	History boolean    `policy:"history" doc:"earlier versions stay readable"`
	Keeps   boolean    `policy:"keeps_rights" doc:"a version that gives fewer rights holds only for who consents to it"`
	Assumed assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why     text       `policy:"why" doc:"why it was set so"`
}

type changeDoc struct {
	Channels list[str] `policy:"channels" one:"popup|email|sms|push|page|notification-centre|announcement" doc:"how people are told"`
	Before   period    `policy:"before" doc:"how long before it takes effect"`
	Again    boolean   `policy:"again" doc:"people accept it again"`
	Surfaces list[str] `policy:"surfaces" ref:"surfaces" doc:"where they are told"`
	At       list[str] `policy:"at" one:"login|upgrade|visit" doc:"when they are told"`
}

type incidentsDoc struct {
	Plan      period     `policy:"plan" doc:"the emergency plan starts within"`
	Authority period     `policy:"authority" doc:"the authority is told within"`
	People    period     `policy:"people" doc:"people are told within"`
	Channels  list[str]  `policy:"channels" one:"popup|email|sms|push|page|notification-centre|announcement|phone" doc:"how people are told"`
	Report    list[str]  `policy:"report" one:"settings|support|phone|web|email|post|chat" doc:"where people report a leak"`
	Measures  list[text] `policy:"measures" doc:"what is done"`
	Assumed   assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why       text       `policy:"why" doc:"why it was set so"`
}

type securityDoc struct {
	InTransit   str             `policy:"in_transit" one:"tls1.2|tls1.3" doc:"least protection in transit"`
	AtRest      str             `policy:"at_rest" one:"aes-256-gcm" doc:"protection at rest"`
	Desensitise list[str]       `policy:"desensitise" one:"mask|sha256|keyed-hash|generalise|replace" doc:"ways of making values less telling"`
	Standards   list[str]       `policy:"standards" doc:"standards that are kept, such as PCI DSS"`
	Measures    list[text]      `policy:"measures" doc:"what else is done"`
	Staff       staffDoc        `policy:"staff" doc:"how staff see data"`
	Reviews     section[period] `policy:"reviews" doc:"what is reviewed, how often"`
	Assumed     assumption      `policy:"assumed" doc:"the published text leaves it open"`
	Why         text            `policy:"why" doc:"why it was set so"`
}

type staffDoc struct {
	MFA         str `policy:"mfa" one:"required|optional" doc:"second factor at sign-in"`
	View        str `policy:"default_view" one:"masked|clear" doc:"how values are shown"`
	Undertaking str `policy:"undertaking" one:"required|none" doc:"a signed promise of confidentiality before the first look"`
	Training    str `policy:"training" one:"required|none" doc:"a training in data protection that is not over before any look"`
}

type attestationDoc struct {
	Title   text       `policy:"title" doc:"what people read"`
	Every   period     `policy:"every" doc:"how often it is done"`
	Owner   str        `policy:"owner" ref:"roles" doc:"the role that does it"`
	Shows   text       `policy:"shows" doc:"what the signed record must show"`
	Assumed assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why     text       `policy:"why" doc:"why it was set so"`
}

type roleDoc struct {
	Title    text      `policy:"title" doc:"what people read"`
	Purposes list[str] `policy:"purposes" doc:"what the role may act for"`
	View     str       `policy:"view" one:"masked|clear" doc:"how the role sees values"`
	Task     period    `policy:"task" doc:"it sees people's data only for a task that somebody else let it in for, at most this long"`
	Approves list[str] `policy:"approves" one:"access|rectification|erasure|restriction|portability|objection|withdrawal|opt-out|closing|complaint|explanation|guardian-report" doc:"requests the role may approve"`
}
