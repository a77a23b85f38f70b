package api

import "time"

// NewBacking records what has to stand behind a disclosure.
type NewBacking struct {
	Kind      string     `json:"kind" enum:"approval,finding,request,ticket,order,task"`
	Recipient string     `json:"recipient,omitempty" maxLength:"100" doc:"Whom it is about: an approval, a request and an order name one"`
	Case      string     `json:"case,omitempty" maxLength:"40" doc:"Sharing case of an approval; the one that follows from what the recipient is when left out"`
	Ref       string     `json:"ref" minLength:"1" maxLength:"200" doc:"Number of the order, case or ticket; never personal data. A use names the same under citation or ref"`
	For       string     `json:"for,omitempty" maxLength:"63" doc:"Of a task: login of the member of staff who is let in"`
	Items     []string   `json:"items,omitempty" maxItems:"100" doc:"What an approval lets go"`
	Note      string     `json:"note,omitempty" maxLength:"1000" doc:"What was weighed or found; it stands sealed in the log"`
	Until     *time.Time `json:"until,omitempty" doc:"When it ends; thirty days when left out"`
	Role      string     `json:"role" minLength:"1" maxLength:"63" doc:"Role of the member of staff who records it"`
	Staff     string     `json:"staff" minLength:"1" maxLength:"63" doc:"Id of that member of staff"`
}

// Backing is what stands, or stood, behind disclosures of somebody's data.
type Backing struct {
	ID        int64     `json:"id"`
	Kind      string    `json:"kind"`
	Recipient string    `json:"recipient,omitempty"`
	Case      string    `json:"case,omitempty"`
	Ref       string    `json:"ref"`
	Items     []string  `json:"items,omitempty"`
	Staff     string    `json:"staff"`
	For       string    `json:"for,omitempty" doc:"Of a task: id of the member of staff who is let in"`
	At        time.Time `json:"at"`
	Until     time.Time `json:"until"`
}

// Backings is a page of backings, oldest first.
type Backings struct {
	Backings []Backing `json:"backings"`
	Next     string    `json:"next,omitempty"`
}
