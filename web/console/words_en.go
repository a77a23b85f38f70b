package console

import "github.com/avow-dev/avow/fault"

func english() *words {
	t := &words{
		Requests: "Requests", Subjects: "People", Subject: "A person", Log: "Log", Entry: "Log entry", Systems: "Systems", Staff: "Staff", Keys: "API keys",
		NewKey: "A new API key", NewRequest: "Take a request down", Unmask: "In clear", Admin: "Administrator", SignIn: "Sign in",
		SignInIntro: "For the staff of this platform. What you do here is logged.", Login: "Login", Password: "Password", Code: "Code",
		CodeHint: "Six digits of your authenticator, or a recovery code.", WrongSignIn: "Login, password or code is wrong, or the login is locked for the moment.",
		Open: "Open", Overdue: "overdue", Waiting: "wait for approval", What: "Request", Thing: "Data", Event: "What happened", Lifted: "its end", Received: "Received",
		StateLabel: "State", DueBy: "Due", Scope: "About", NoRequests: "Nothing here", NoRequestsHint: "Requests appear as people make them, or as you take them down.",
		Next: "Next page", TakeDown: "Take a request down", LastDay: "last day", DaysLeft: "%d days left", Late: "%d days late", Paused: "paused", Everything: "everything",
		Timeline: "Timeline", Number: "Number", Channel: "Channel", AskedBy: "Asked by", Method: "Verified by", ReplyBy: "Reply by", Cause: "What needs attention",
		Reason: "Reason", Cite: "Provision", CiteHint: "Such as gdpr-12-5 or pipl-47; may be left out.", Found: "What the systems hold",
		FoundHint: "Rows of this person, by system.", Rows: "Rows", System: "System", PlanTitle: "The plan", PlanHash: "Fingerprint of the plan", Action: "Action",
		Why: "Why is this theirs", Kept: "Kept", Until: "until", Columns: "columns", Warnings: "Warnings", Verify: "The person is who they say",
		VerifyHint: "Record how you know. The clocks go on.", Survey: "Ask every system and plan", SurveyHint: "Nothing is changed. An approval made before becomes void.",
		SurveyAgain: "Plan anew", Approve: "Approve this plan", ApproveHint: "You approve exactly this plan, by its fingerprint. Who asked or planned cannot.",
		ApproveWaits: "The plan waits for a colleague whose role may approve it.", Run: "Carry it out", RunHint: "Erasing cannot be undone.",
		Retry: "Try again from where it stopped", RetryHint: "After the cause was mended. If the data changed, plan anew.", Refuse: "Refuse",
		RefuseHint: "The person is told the reason, the provision, and that they may complain.", Pause: "Pause", PauseHint: "The clocks stand still. The person is told why.",
		Resume: "Go on", Withdraw: "The person takes it back", WithdrawHint: "Possible until the first thing is erased.", Next2: "What is next",
		Nothing: "Nothing is to be done.", Progress: "Progress", Of: "of", Steps: "steps", Result: "Result", Planned: "Planned", Done: "Done", Already: "Already so",
		Moved: "Moved", Searched: "searched again: rows", Residue: "left behind", Receipt: "Receipt", Package: "Package",
		PackageHint: "Give it to the person only. Each download leaves an entry.", ProofOf: "Entry", Silent: "No copy can be read since", Expires: "Package expires",
		More: "Other ways", Live: "This page renews itself.", NoRows: "nothing", Collection: "Collection",
		Hands: "To be done by hand", HandsHint: "Some systems and recipients cannot be reached by the program. You see what is to be done, with the values it takes; that you looked stands in the log.",
		AttestHint: "Sign that it is done. The request goes on, and what can be read is read again.", Attest: "It is done", NotYet: "Not yet", NewValue: "The right value",
		CorrectLegend: "For a correction", TellTitle: "Recipients to be told", TellDone: "told", TellOpen: "not told yet", Informed: "The person was told", Fetched: "Fetched, times",
		NewIntro: "For somebody who wrote, called or came by. The clocks start now.", Right: "What they ask for", Identifier: "Identifier",
		IdentifierHint: "What the person gave to be found by. It is sealed with the request.", Kind: "Kind", Second: "A second identifier",
		SecondHint: "Helps where several people share one.", Contact: "Where answers go", ContactHint: "An e-mail address or a postal address.", Language: "Language",
		Items: "One kind of data", Classes: "Everything that is kept for one time", Take: "Take it down",
		FindIntro: "Find a person by something that is theirs. What you type stands in no address and no log.", Find: "Find", NobodyFound: "Nobody is found by that",
		NobodyHint: "Look for typing errors, or try another identifier.", Several: "Several people share it",
		SeveralHint: "Families share telephones. Open the one who is meant.", LookHint: "That you looked, and why, stands in the log. The person sees it.", Person: "Person",
		Held: "What is held", HeldHint: "No value is opened for this list.", NothingHeld: "No value is held.", Values: "Values", Since: "since", Class: "Kept for",
		Sensitive: "sensitive", Purpose: "Purpose", Reference: "Reference",
		ReferenceHint: "The number of an order, ticket, case, contract or request. No names, no addresses.", Show: "Show it",
		ShowHint: "It leaves an entry with purpose and reference, which the person sees.", Consents: "What they said", NoConsents: "Nothing yet.",
		Disclosures: "Who received something", NoDisclosures: "Nobody.", History: "Latest entries", Restricted: "restricted", RestrictedHint: "This person’s data is kept and not used, but for storage, legal claims and their own rights.", WhyLook: "Why you look", AllRights: "all kinds", Pages: "Pages", FirstPage: "First page", TestNow: "Test now", TestedAt: "tested", ChangedN: "What changed: %d", Closed: "closed",
		Accepted: "Accepted the policy", Identifiers: "Found by", About: "About", NeedPurpose: "Choose a purpose.", NotYourPurpose: "Your role does not have this purpose.",
		NeedReference: "Name an order, ticket, case, contract or request by its number, without blanks and without @.", SaidYes: "agreed", SaidNo: "took consent back",
		SaidObject: "objected", SaidObjectEnd: "ended the objection", To: "to", NoPurpose: "Your role has no purpose to see values.", Holds: "Holds", HoldUntil: "until", HoldLifted: "until it is lifted", HoldEnded: "ended", Clear: "Shown for",
		MaskedNote: "Your role sees masked values.", DeniedTitle: "The policy says no", DeniedHint: "Every reason, with its clause:", NoValue: "There is no value.",
		UnmaskNote: "This is in no file: it is gone when you leave the page.", Back: "Back to the person", When: "When", Who: "Who",
		LogIntro: "What was done with people's data, in an order that nobody can change unseen.", Filter: "Kind of entry", AllKinds: "all kinds", Apply: "Show",
		NoEntries: "There is no entry of this kind", Size: "entries under the checkpoint", Checkpoint: "Checkpoint", LogKey: "Public key of the log",
		LogRead: "Staff read the log", VerifyLog: "Verify the log", VerifyLogHint: "Recomputes every entry, tile and counter, and folds the tables from the entries.", Verified: "Everything is right",
		Wrong: "Something is wrong", Entries: "entries verified", Pending: "not yet in order", Pruned: "with their sealed part dropped", Verifying: "Verifying",
		Pend: "not numbered yet", Proof: "Inclusion proof", ProofHint: "It shows, offline and to anybody, that this entry is in the log.",
		ProofOK: "verified with the public key", ProofFile: "Download the proof", Fields: "What it says", SealedPart: "Sealed part", Root: "Root", Place: "Place in the log",
		Healthy: "in order", Broken: "needs attention", EpochTitle: "Keys and epochs",
		EpochHint: "Every data key is wrapped anew and the old wrapping key destroyed: what was erased before is then unreadable in every backup.", Epoch: "Epoch",
		Began: "began", Live2: "live keys", Unbound: "not bound yet", Shared: "Keys and data are in one cluster. Every receipt says so.", MoveEpoch: "Move the epoch on",
		Sure: "Yes: key backups of earlier epochs become useless", NotSure: "Please tick the box first.", Moving: "Moving on", MovedTo: "Moved on to epoch",
		Rotating: "A change of epoch has begun and is not finished: move on again.", PolicyTitle: "Policy in force", PolicyLink: "Read it as people do", Versions: "Versions",
		Version: "Version", Current: "in force", Fingerprint: "Fingerprint",
		StaffIntro: "Everybody with a role on this platform. New colleagues and roles: avow staff, on the server.", Name: "Name", Roles: "Roles", LastSeen: "Last signed in",
		Codes: "Recovery codes", Disabled: "disabled", Locked: "locked", You: "you", Disable: "Disable", Enable: "Enable", Unlock: "Unlock",
		NotTheirs: "You cannot change yourself here, nor somebody who has roles elsewhere too: that is the server administrator's.",
		KeysIntro: "For programs that use the API of this platform.", Label: "What it is for", LabelHint: "Such as shop checkout.", Scopes: "What it may do",
		ExpiresOn: "Last day", ExpiresHint: "Empty: it does not expire.", Make: "Make a key", Revoke: "Revoke", Revoked: "revoked", LastUsed: "Last used", Never: "never",
		BadDay: "Write the day as 2027-03-31.", NeedLabel: "Say what the key is for, and tick what it may do.",
		TokenHint: "Copy it now: it is shown this once and stored nowhere.", Token: "Token", Good: "good", Ended: "ended", NoKeys: "There is no key yet", KeyList: "Keys",
	}
	t.rights = map[string]string{
		"access": "A copy of everything", "erasure": "Erasure", "rectification": "Correction", "portability": "Taking data along", "restriction": "Restriction",
		"objection": "Objection", "withdrawal": "Withdrawal of consent", "closing": "Closing the account", "complaint": "Complaint",
	}
	t.untold = map[string]string{"no-address": "no address", "no-server": "no mail server"}
	t.weights = map[string]string{"technical": "technical", "minor": "minor", "major": "major"}
	t.states = map[string]string{
		"open": "open", "closed": "closed", "erasing": "being erased", "erased": "erased", "received": "received", "verified": "verified", "surveyed": "surveyed",
		"planned": "waits for approval", "approved": "approved", "running": "running", "needs-attention": "needs attention", "verified-after": "done and checked",
		"delivered": "delivered", "refused": "refused", "withdrawn": "taken back", "expired": "expired",
	}
	t.deeds = deedsEnglish()
	t.methods = map[string]string{
		"document": "a document", "in-person": "in person", "identifier-code": "a code to their address", "identifier": "an identifier of theirs", "login": "their sign-in", "none": "not needed",
	}
	t.reasons = map[string]string{
		"identity-not-proved": "who asks could not be verified", "unfounded": "manifestly unfounded", "excessive": "repeated without reason",
		"legal-obligation": "a law demands keeping", "legal-claims": "needed for legal claims", "public-interest": "public interest", "expression": "freedom of expression",
		"others-rights": "would hurt the rights of others", "circumstances": "none of the policy's cases holds", "not-ours": "another company holds the data",
		"identity-in-doubt": "identity in doubt", "clarification": "a question is open", "guardian": "a guardian has to agree", "other-people": "it is about other people too",
	}
	t.actions = map[string]string{
		"correct": "correct", "restrict": "mark", "delete": "delete", "clear": "empty columns", "keep": "keep", "detach": "cut loose", "copy": "copy",
	}
	t.steps = map[string]string{
		"check": "Look again", "export": "Read", "pack": "Make the package", "erase": "Erase", "search": "Search again", "deliver": "Receipt",
		"close": "Destroy the request's key", "correct": "Correct", "restrict": "Mark as not to be used", "manual": "By hand", "reread": "Read again", "tell": "Tell recipients", "inform": "Tell the person",
	}
	t.kinds = map[string]string{
		"email": "E-mail address", "phone": "Telephone number", "username": "User name", "account-id": "Account id", "device-id": "Device id", "imei": "IMEI",
		"mac": "MAC address", "ip": "IP address", "abroad": "Data abroad", "consent": "Consent",
	}
	t.actors = map[string]string{
		"person": "the person", "staff": "staff", "machine": "avow",
	}
	t.refs = map[string]string{
		"order": "order", "ticket": "ticket", "case": "case", "contract": "contract", "request": "request",
	}
	t.flashes = map[string]string{
		"signed-out": "You are signed out.", "received": "The request is taken down; its clocks run.", "verified": "Recorded.",
		"planned": "The plan is made. A second person approves it.", "approved": "The plan is approved.", "running": "It is being carried out.",
		"refused": "The request is refused, and the person is told.", "paused": "The clocks stand still.", "resumed": "The clocks run again.",
		"withdrawn": "The request is taken back.", "staff-disable": "Disabled, and signed out at once.", "staff-enable": "Enabled.", "staff-unlock": "Unlocked.",
		"revoked": "The key is revoked, at once.", "attested": "Signed. The request goes on.", "tested": "Every system was asked just now.",
	}
	t.faults = map[fault.Kind]string{fault.Invalid: "Not accepted: ", fault.Denied: "Not allowed: ", fault.Conflict: "Not now: "}
	return t
}
