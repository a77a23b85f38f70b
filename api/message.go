package api

import "time"

// NewMessage is a message to people.
type NewMessage struct {
	Class     string   `json:"class" enum:"service,update,safety,transaction,survey,marketing"`
	Purpose   string   `json:"purpose" minLength:"1" maxLength:"100" doc:"Purpose of the policy under which it goes; whether somebody gets it is decided by it"`
	Channel   string   `json:"channel" enum:"email,sms,push,popup,notification-centre" doc:"A mail is sent from here; by any other channel your own sender takes it to those whose copy is handed"`
	Reason    string   `json:"reason" minLength:"1" maxLength:"40" doc:"Why it is sent, in a code such as order-confirmed"`
	Ref       string   `json:"ref,omitempty" maxLength:"200" doc:"Order, ticket, case, contract or request behind it, such as order:17, where the purpose asks for one"`
	Language  string   `json:"language,omitempty" maxLength:"35"`
	To        []string `json:"to,omitempty" maxItems:"500" doc:"Subjects"`
	Everybody bool     `json:"everybody,omitempty" doc:"Everybody whose account is open"`
	Title     string   `json:"title,omitempty" maxLength:"200"`
	Text      string   `json:"text,omitempty" maxLength:"20000"`
}

// Message is a message with what became of its copies.
type Message struct {
	ID      string           `json:"id"`
	Class   string           `json:"class"`
	Purpose string           `json:"purpose,omitempty"`
	Channel string           `json:"channel"`
	Reason  string           `json:"reason"`
	Made    time.Time        `json:"made"`
	Spread  bool             `json:"spread" doc:"Every copy is there"`
	Copies  map[string]int64 `json:"copies" doc:"How many are waiting, sent, handed, withheld, failed, shown, seen"`
}

// MessageCopy is what became of a message for one person.
type MessageCopy struct {
	Subject string    `json:"subject"`
	Surface string    `json:"surface,omitempty"`
	State   string    `json:"state" enum:"waiting,sent,handed,withheld,failed,shown,seen"`
	Why     string    `json:"why,omitempty" doc:"A code: of the decision that withholds it, or why it failed"`
	At      time.Time `json:"at"`
}

// MessageCopies is a page of them.
type MessageCopies struct {
	Copies []MessageCopy `json:"copies"`
	Next   string        `json:"next,omitempty"`
}

// NoticeShown says that a notice was on a screen.
type NoticeShown struct {
	Surface string `json:"surface" minLength:"1" maxLength:"100" doc:"Surface of the policy"`
	At      string `json:"at" enum:"login,upgrade,visit"`
	Seen    bool   `json:"seen,omitempty" doc:"The person says that they have read it"`
}
