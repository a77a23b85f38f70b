package api

import "time"

// AnswerPermission is a permission of a device that an app asked for, and the answer.
type AnswerPermission struct {
	Permission string `json:"permission" minLength:"1" maxLength:"100" doc:"Permission of the policy"`
	Device     string `json:"device" minLength:"1" maxLength:"64" doc:"The installation, under a name that the app makes up; no number of the device itself"`
	Function   string `json:"function,omitempty" maxLength:"100" doc:"Business function in which it was asked for"`
	Granted    bool   `json:"granted" doc:"The person said yes"`
}

// OnDevice names a device, and the function at work on it.
type OnDevice struct {
	Device   string `json:"device" minLength:"1" maxLength:"64"`
	Function string `json:"function,omitempty" maxLength:"100" doc:"Business function"`
}

// Permission is how a permission stands on one device of a person.
type Permission struct {
	Device     string           `json:"device"`
	Permission string           `json:"permission"`
	State      string           `json:"state" enum:"granted,refused,off"`
	Function   string           `json:"function,omitempty" doc:"In which it was last asked for"`
	Asked      time.Time        `json:"asked" doc:"When it was first asked for"`
	Since      time.Time        `json:"since" doc:"When it came to stand so"`
	Open       *time.Time       `json:"open,omitempty" doc:"Since when something is open through it"`
	History    []PermissionSaid `json:"history"`
}

// PermissionSaid is one thing that became of a permission.
type PermissionSaid struct {
	At       time.Time `json:"at"`
	Said     string    `json:"said" enum:"granted,refused,off"`
	Function string    `json:"function,omitempty"`
}

// Permissions is how the permissions of a person's devices stand.
type Permissions struct {
	Permissions []Permission `json:"permissions"`
}
