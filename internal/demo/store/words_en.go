package store

import "github.com/avow-dev/avow/policy"

func english() *words {
	return &words{
		Shop: "Shop", Join: "Open an account", Mine: "My data", Mailbox: "the mailbox", MailboxHint: "The code arrives in",
		Demo:  "A shop of the demo: nothing is sold or sent. What you type goes through avow as in earnest, and is gone with the demo.",
		Doors: "What would you like to do?", DoorsHint: "Each of these asks only for what the privacy policy declares there.", Order: "Order",
		Promises: "promises written into the program", PolicyOf: "Privacy policy, version", Read: "read it",
		JoinFirst: "Open an account first: it is what your data hangs on.", JoinNow: "Open an account",
		HereAlready: "You are here already: sign out first to open another account.", SignIn: "or sign in, if you have one",
		Optional: "optional", Sensitive: "sensitive", Free: "I give this freely", More: "More, if you like", MoreHint: "None of it has to be.",
		Careful: "Sensitive, and only of your own accord", CarefulHint: "Leave it empty, or tick beside it that you give it freely.",
		For: "For", Kept: "Kept", Waits: "Waits for your yes", Without: "Without it",
		Reads: "What is read without typing", ReadsHint: "A real app or browser would read it. Tick what it shall read here; the values are made up.",
		Wishes: "May we?", WishesHint: "Nothing is ticked beforehand. You can take a yes back at any time.", Separate: "asked for on its own", GaveYes: "you said yes",
		Age: "Your age", Adult: "I am %d or older", Minor: "I am younger than %d", Accept: "I have read the privacy policy and accept it", AcceptAfter: "version",
		Try: "Try to break the promise", TryStray: "Also send a field that the policy does not declare (shoe size 42)",
		TryCard: "Or write a card number into a message, such as 4111 1111 1111 1111.", TryMinor: "Or say that you are under age.",
		HeldAlready: "Kept already", HeldHint: "There is one of each. Correct it in your privacy centre.",
		AcceptFirst: "Please accept the privacy policy first: without it there is no account.", SayAge: "Please say whether you are of age.",
		Taken: "Somebody with this address or name has an account here already: sign in, or choose another.", Missing: "Please fill in: ", TooLong: "This is too long: ",
		Nothing: "There is nothing in the form yet.",

		Welcome: "Your account is open", Thanks: "This is what happened", NotKept: "Nothing was kept", KeptTitle: "Kept", KeptHint: "Sealed under keys of your own, for these purposes and until then.",
		What: "What", Until: "Until", Why: "For", Clause: "Clause", RefusedTitle: "Refused", RefusedHint: "A form is taken whole or not at all. Each reason names the sentence of the policy that it keeps.",
		Control: "Control", SaidTitle: "Your yes", SaidHint: "On record, with time and version. It ends when you say so.",
		LogTitle: "In the log", LogHint: "Written before this page was. Nobody can change it unseen.", Entry: "Entry", Proof: "proof, for staff",
		UseTitle: "Use it", UseHint: "The shop's own software asks to use what you gave. Every use is decided by the policy, and leaves an entry.",
		UseFor: "for", Use: "Use", Allowed: "Allowed", Denied: "Denied", UseItem: "What", UsePurpose: "What for", UseAny: "Ask for this use",
		HandedOut: "values handed out", Centre: "Open my privacy centre", CentreHint: "See all that is held, who used it, and take back a yes.",
		SignInHint: "Sign in with your e-mail address.", Choices: "Take back a yes",
		EraseTitle: "Erase it", EraseHint: "The key is destroyed first: nothing opens the value again, in any copy.", Erase: "Erase", EraseAll: "Erase everything",
		Erased: "%s is erased: %d values.", ErasedAll: "Everything is erased, and the account with it: %d values.", IsGone: "erased", Again: "Back to the form",
		NobodyJoined: "Nobody was registered. What you typed is nowhere.", Whole: "Nothing of this form was kept, the allowed part neither.", GoOn: "Go on in the shop",

		Genders: map[string]string{"female": "female", "male": "male", "other": "other", "undisclosed": "not to be said"},
		Codes: map[policy.Code]string{
			"": "The policy says no", policy.ItemUndeclared: "The policy does not know this", policy.NeverCollected: "This is never collected",
			policy.WrongType: "This is not what the field is for", policy.NotVoluntary: "Sensitive, and not given freely", policy.NoGround: "There is no ground yet",
			policy.MinorNoGuardian: "Under age, and no guardian has agreed", policy.MinorNotServed: "Not for people under age", policy.MinorPurpose: "Not with data of people under age",
			policy.ItemPurpose: "Not declared for this purpose", policy.ConsentMissing: "You have not said yes", policy.ConsentWasTaken: "You took your yes back",
			policy.ConsentExpired: "Your yes has lapsed", policy.ConsentNotOwn: "It takes a yes of its own", policy.ObjectionStands: "You objected",
			policy.IsRestricted: "Your data rests", policy.AccountNotOpen: "The account is not open", policy.AccountEnded: "The account has ended",
			policy.FunctionOther: "Another function may, this one not", policy.RefMissing: "Nothing stands behind this use", policy.OnlyAggregate: "Only counts, no values",
			policy.ItemTwice: "There can be one of it", policy.ItemPoint: "Not collected here", policy.ItemOrigin: "It came another way than declared", policy.RolePurpose: "Not for this role",
		},
		Deeds: map[string]string{
			"subject-registered": "Registered", "collected": "Collected", "refused": "Refused", "consented": "Your yes", "used": "Used", "denied": "Denied",
			"item-erased": "Erased", "erased": "Erased", "erasing": "Erasure begun", "withdrawn": "Your yes taken back", "policy-accepted": "Policy accepted",
		},
	}
}
