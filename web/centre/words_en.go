package centre

import (
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/rights"
)

func english() *words {
	t := &words{
		Policy: "Policy", Sentences: "The policy, sentence by sentence", Versions: "Versions of the policy", SignIn: "Sign in", SignOut: "Sign out",
		Held: "My data", HeldNav: "Data", Correct: "Correct", Choices: "Choices", Download: "Download", Erase: "Erase", Requests: "Requests",
		Activity: "Activity", Receipts: "Receipts", Leave: "Delete my account", Nothing: "Nothing is held",

		AsMarkdown: "As text", AsJSON: "For machines", SignInHint: "See what is held about you", VersionHint: "Every version that was in force, newest first. The fingerprint names the text for good.",
		FirstVersion: "The first version on record.", NotCompared: "This version cannot be compared with the one before.", ChangedN: "What changed: %d", NothingChanged: "Nothing that concerns people.",
		AskedAgain: "Everybody is asked to accept this version.", ConsentAgain: "Consent is asked for anew", Print: "Print", ReadVersion: "Read this version", HeldUntil: "Held until",
		Published: "Published here on", InForceSince: "In force here since", EarlierN: "Versions before it: %d", LeadsOut: "Links that lead elsewhere",
		NoticeTitle: "The privacy policy changes", NoticeFrom: "The new version takes effect on", NoticeSince: "The new version has been in force since",
		NoticeAgain:  "You are asked to accept it. Until you do, nothing that is new in it is done with your data, and the rights that you have stay.",
		NoticeAccept: "I accept the new version", NoticeLater: "Not now", NoticeRead: "I have read this", ComingTitle: "A new version is published", Reason: "Reason",
		WayOut: "No more messages", WayOutAsk: "You will get no more messages of this kind", WayOutButton: "Send me no more", WayOutDone: "Done",
		WayOutNoMore: "From now on you get no more messages of this kind",
		ContactUs:    "Contact us", ContactLead: "Ask, suggest or complain. You get a number and an answer in time.", ContactWays: "Other ways to reach us",
		ContactWrong: "Describe it in full, in at least ten characters, without numbers of cards or identity papers.",
		CaseKind:     "What is it?", CaseTopic: "What is it about?", CaseText: "Your message", CaseTextHint: "Tell us the whole story. Numbers of cards and identity papers do not belong here.",
		CaseAnswerTo: "E-mail address for the answer", CaseSend: "Send", CaseOpened: "We have it. Its number is", AnsweredBy: "Answered by",
		Cases: "My cases", CasesLead: "What you asked, suggested or complained about, and what we answered.", NoCases: "You have not written to us yet.",
		CaseBefore: "The case before it", CaseGone: "What was written here is gone.", NotSatisfied: "The answer does not satisfy me",
		NotSatisfiedHint: "Somebody else looks at the case again, with all that was written.", ToComplain: "To whom you can complain", TakeCase: "Take the case along",
		CasesHeld: "What you wrote to us and what we answered is held too. Your cases: %d. Their texts are in the copy of everything.",
		CasesStay: "What you wrote in cases, and our answers, is not part of one kind of data: it goes with everything, or when its time is over.",
		Label:     "Version", Since: "Since", Current: "in force", Fingerprint: "Fingerprint",

		Address: "Your e-mail address", AddressHint: "We send you a code. You need no password.", SendCode: "Send me a code",
		NoAddress: "Please write the address in full, such as name@example.com.",
		CodeTitle: "Enter the code", CodeSent: "A code is on its way to the address you gave. It is good for %d minutes.", CodeHint: "Six digits. Look among unwanted mail too.",
		Code: "Code", Enter: "Sign in", WrongCode: "That code is not right, was used already, or is too old. Try again, or ask for a new one.", Resend: "Send a new code",
		LeaveIntro: "You can have your account closed and your data erased here, also without the app.", LeaveHow: "How it goes",
		LeaveStep1: "Sign in with a code that we send to your e-mail address.", LeaveStep2: "Choose what is to be erased: one thing, everything, or the account as a whole.",
		LeaveStep3: "Follow your request. When it is done you get a receipt that proves it.",
		OtherWays:  "Or reach us another way", NothingIntro: "Nothing is held about the address you signed in with.",
		NothingWhy: "Perhaps you registered with another address: sign out and try that one.", GoneIntro: "Your data was erased. Until you sign out you can still fetch your receipt.",

		HeldIntro: "Everything this service holds about you, in clear, for your eyes.", KindsHeld: "kinds of data", ValuesHeld: "values", GivenTo: "recipients got some of it", LookedAt: "uses by others lately",
		RestrictedNote: "The use of your data is restricted: it is kept and not used.", ClosedNote: "Your account is closed. What is still here goes when its time ends.",
		Why: "Why", Source: "Where from", Kept: "Kept", Until: "until", From: "since", Got: "Who got it", NobodyGot: "nobody", Looked: "Who looked", NobodyLooked: "nobody lately", Secret: "set, and never shown to anybody",
		Sensitive: "sensitive", Change: "Correct", EmptyHeld: "No values are held about you", EmptyHint: "Your account is there, and nothing else.", Once: "once", Times: "%d times, last", And: "and %d more in your download",
		LookNote:   "Each time you open this page it leaves an entry too: you see it under Activity.",
		WhereTitle: "Where my data is", WhereHint: "Kinds of data, and the systems they stand in.", WhereKnown: "held, with the number of values", MayHold: "may be held: a package tells",
		AllValues: "Every value", RecordOnly: "your record, no values", Vault: "Protected store", Comma: ", ",

		MoreRights: "Ask for something", RightsIntro: "Everything you can ask for, with the time it takes. Each request gets a clock that you can follow.",
		CorrectAll: "A wrong value is replaced in every system that has it, and whoever received it is told.", WhatIsWrong: "What is wrong", AskCorrect: "Have it corrected",
		TakeAlong: "What you gave, and what came of your use, in files that another service can read.", AskTake: "Ask for the files",
		LimitHint: "Your data is kept, and not used but for storage, legal claims and your own rights.", LimitedNow: "Your data is kept and not used. You can have that ended.", AskLimit: "Have its use stopped", AskUnlimit: "Let it be used again",
		AlsoElsewhere: "Have it corrected in our other systems too", Corrected: "What is corrected", ToldTitle: "Who is told of it", Told: "told", NotTold: "not told yet", Fetched: "fetched %d times",
		StageCorrected: "It is corrected, and read again", StageLimited: "It is marked, and read again", StageTold: "Whoever received it is told", Informed: "You were told", HowItWent: "What was done",

		NewAddress: "A new e-mail address", AddressIntro: "We send a code there. When you have entered it, the new address replaces the old one, which is then unreadable for ever.",
		AddressStep1: "The new address", AddressStep2: "The code we send there", AddressSent: "A code is on its way to the new address. It is good for %d minutes.",
		AddressTaken: "This address belongs to another account. Please use a different one, or write to us.",

		ElsewhereTitle: "Ask our other systems", ElsewhereHint: "Systems that do not belong to an account, such as a shop or a newsletter, may still know your address. We look there for you, and follow the same rules and clocks.",
		SignInLead: "See what is held about you, correct it, take it along, or have it erased.", SignInWhy: "The answer is the same for every address, whether we know it or not.",

		CorrectIntro: "The old value is unreadable for ever as soon as you save.", NewValue: "The right value", Save: "Save", Cancel: "Cancel",
		NoValue: "Please write the right value.", BadValue: "That does not look right. Please write it in full.",

		ChoicesIntro: "You decide. What you say holds at once, and you can change your mind whenever you like.",
		NeedYes:      "Only if you say yes", NeedYesHint: "None of this happens unless you agree.", CanNo: "Unless you say no", CanNoHint: "You can object to these.",
		AbroadTitle: "Data that leaves the country", AbroadHint: "It goes there only if you agree.",
		NoMore: "Take it back", Allow: "Allow it again", On: "on", Off: "off", Never: "never asked", SayYes: "Say yes", TakeBack: "Took consent back", Object: "Say no", EndObjection: "Ended the objection", Earlier: "What you said so far", NoEarlier: "You have not said anything yet.", Uses: "Uses",
		ClosedChoices: "Your account is closed: there is nothing left to decide.", About: "About", YesToo: "Agreed", ObjectToo: "Objected", EndsOn: "ends",

		DevicesTitle: "What the app may read on your devices", DevicesHint: "Each permission is asked for where its function begins, and serves that function alone.",
		DeviceFor: "For", DeviceReads: "Reads", DeviceWithout: "Without it", DevicePath: "Turn it off in", DeviceYes: "you said yes", DeviceNo: "you said no", DeviceOff: "turned off",
		DeviceAsked: "asked", DeviceOpen: "open since", DeviceStop: "Turn it off",

		DownloadIntro: "Take your data along, for yourself or for another service.", NowTitle: "Right now", NowHint: "Every value of your account here, in a form that machines read.", JSON: "JSON", CSV: "CSV for spreadsheets",
		AllTitle: "Everything, from every system", AllHint: "A package with all records in all systems, who received them, and every entry of the log about you. A colleague of ours checks it first.", AskAll: "Ask for the package",
		PackagesTitle: "Your packages", Fetch: "Download", NoPackage: "You have not asked for one yet.",

		EraseIntro: "Erased means erased: the key is destroyed, and no copy or backup can be read again.", EraseOne: "One thing", EraseOneHint: "Everywhere we keep it.", Pick: "What is to be erased",
		EraseAll: "Everything", EraseAllHint: "All your data in all our systems. Your account stays open, and empty.", CloseTitle: "My account", CloseHint: "The account is closed at once, and all your data erased.",
		Sure: "Yes, erase it", SureAll: "Yes, erase everything", SureClose: "Yes, close my account and erase everything", AskErase: "Have it erased", AskEraseAll: "Have everything erased", AskClose: "Close my account",
		NotSure: "Please tick the box, so that nothing is erased by mistake.", NothingPicked: "Please choose what is to be erased.",
		LawKeeps: "What a law makes us keep", LawKeepsHint: "This stays until its time ends. It is used for nothing else, and your receipt names it.", HowLong: "done within %s",
		Steps: "We look in every system what is yours, a second person checks the plan, then it is erased, and searched for once more.", NothingToErase: "Nothing can be erased: nothing is held but what a law keeps.",

		RequestsIntro: "What you asked for, how far it is, and until when it is done.", NoRequests: "You have not asked for anything yet.", Number: "Number", Asked: "Asked", DueBy: "Done by", StateLabel: "How far", Everything: "everything", Open: "Look",
		StageReceived: "We have your request", StageVerified: "It is you", StageVerifiedHint: "by the code to your address", StageSurveyed: "We ask every system", StageSurveyedHint: "what it holds about you", StageApproved: "A second person approves",
		StageApprovedHint: "somebody other than who planned it", StageErased: "It is erased, and searched for again", StageReady: "Your package is ready", StageDelivered: "Done",
		Withdraw: "Take the request back", WithdrawHint: "Possible as long as nothing was erased or changed.", PackageReady: "Your package is ready.", Receipt: "Receipt", ReceiptHint: "It proves what was done. Keep it.",
		KeptTitle: "What stays, and why", KeptHint: "Named here and on your receipt.", Paused: "waiting", OverdueNote: "This is late, and that is a broken promise. It is on record. You can complain.",
		LastDay: "last day", DaysLeft: "%d days left", Late: "%d days late", Way: "How far it is", Silent: "No copy can be read since", Records: "records", FetchBy: "Fetch it by",

		ReceiptsIntro: "A receipt proves what was done, without asking us. It holds nothing personal.", NoReceipts: "There is no receipt yet: one is made when a request is done.", Check: "How to check a receipt",
		CheckHint: "With the avow program, on any computer, without a network:", LogKey: "The key of this service’s log", DownloadReceipt: "Download the receipt",

		ActivityIntro: "Every use of your data leaves an entry that cannot be changed unseen. These are the newest; your package has them all.", NoActivity: "There is no entry about you.", What: "What happened", Entry: "Entry",
		Software: "our software", You: "you", To: "given to",
		WhoUsed: "Who used it", NobodyUsed: "Nobody but you has used your data lately.", WeeksLabel: "Uses by others, week by week", AllEntries: "Every entry",
		Colon: ": ", ownLook: "You looked at your data",
	}
	t.rights = map[string]string{
		"access": "A copy of everything", "erasure": "Erasure", "rectification": "Correction", "portability": "Taking data along", "restriction": "Keeping without using",
		"objection": "Objection", "withdrawal": "Taking consent back", "closing": "Closing the account", "complaint": "Complaint", "explanation": "Explanation", "opt-out": "Opting out",
	}
	t.weights = map[string]string{"technical": "technical", "minor": "minor change", "major": "major change"}
	t.states = map[rights.State]string{
		rights.Received: "received", rights.Verified: "being looked into", rights.Surveyed: "being looked into", rights.Planned: "waits for approval", rights.Approved: "approved",
		rights.Running: "being carried out", rights.NeedsAttention: "somebody is looking at it", rights.VerifiedAfter: "ready", rights.Delivered: "done",
		rights.Refused: "refused", rights.Withdrawn: "taken back", rights.Expired: "expired",
	}
	t.reasons = map[string]string{
		"": "", "identity-not-proved": "We could not verify who you are.", "unfounded": "The request is manifestly unfounded.", "excessive": "The same was asked for again and again without reason.",
		"legal-obligation": "A law demands that it is kept.", "legal-claims": "It is needed for legal claims.", "public-interest": "The public interest demands it.", "expression": "Freedom of expression demands it.",
		"others-rights": "It would hurt the rights of others.", "circumstances": "None of the cases the policy names is there.", "not-ours": "Another company holds the data.",
		"identity-in-doubt": "We are not sure that it is you, and will write to you.", "clarification": "We need to ask you something, and will write to you.", "guardian": "Your guardian has to agree.", "other-people": "It is about other people too; we are looking into it.",
	}
	t.flashes = map[string]string{
		"signed-out": "You are signed out.", "address": "Saved. From now on your codes go to the new address.", "corrected": "Saved. The old value is gone for good.", "chosen-yes": "Saved. It holds from now on.", "chosen-no": "Saved. It stops at once.",
		"asked": "We have your request. You find it here, with its clock.", "taken-back": "Your request is taken back.",
	}
	t.deeds = map[audit.Kind][2]string{
		audit.SubjectRegistered: {"You were registered", ""}, audit.SignedOut: {"You signed out", ""}, audit.AgeDeclared: {"You said whether you are of age", ""}, audit.ChildReported: {"A guardian reported the account", "now"}, audit.IdentifierAdded: {"An address was added", ""}, audit.AccountClosed: {"Your account was closed", "now"},
		audit.Collected: {"Data came in", ""}, audit.Refused: {"Data was refused", "now"}, audit.Corrected: {"Data was corrected", ""},
		audit.Used: {"Your data was used", "now"}, audit.Denied: {"A use was denied", "done"}, audit.Unmasked: {"Somebody saw it in clear", "now"}, audit.StaffAction: {"Somebody looked at your record", "now"}, audit.Exported: {"Read for your package", ""},
		audit.ItemErased: {"Data was erased", ""}, audit.ClassErased: {"Data was erased", ""}, audit.ClassEnded: {"Its time ended: erased", ""}, audit.Erased: {"Everything was erased", ""},
		audit.Consented: {"You agreed", ""}, audit.Withdrawn: {"You took consent back", ""}, audit.Objected: {"You objected", ""}, audit.ObjectionEnded: {"You ended an objection", ""},
		audit.Restricted: {"Use was restricted", ""}, audit.Unrestricted: {"Restriction ended", ""}, audit.HoldSet: {"A hold was set", "now"}, audit.HoldEnded: {"A hold ended", ""},
		audit.PolicyAccepted: {"You accepted the policy", ""}, audit.GuardianConsented: {"A guardian agreed", ""}, audit.GuardianWithdrew: {"A guardian took their consent back", ""}, audit.Disclosed: {"Given to a recipient", "now"},
		audit.RequestReceived: {"Your request came in", ""}, audit.RequestVerified: {"You proved who you are", ""}, audit.RequestRefused: {"Your request was refused", "bad"},
		audit.RequestWithdrawn: {"You took a request back", ""}, audit.Surveyed: {"Systems were asked what they hold", ""}, audit.Planned: {"A plan was made", ""},
		audit.Approved: {"A plan was approved", ""}, audit.Backed: {"What may be given out was approved or recorded", ""}, audit.BackingEnded: {"Such a record has ended", ""}, audit.VerifiedAfter: {"The result was checked", ""}, audit.Delivered: {"Your request is done", "done"}, audit.DeadlineMissed: {"A promise was late", "bad"},
		audit.NoticeShown: {"You were shown a change of the policy", ""}, audit.NoticeSeen: {"You read of a change of the policy", "done"}, audit.MessageWithheld: {"A message was not sent to you", ""}, audit.OptedOut: {"You ended messages of a kind", "done"},
		audit.CaseOpened: {"You wrote to us", "now"}, audit.CaseReplied: {"You were answered", "done"}, audit.CaseDelayed: {"An answer takes longer", ""}, audit.CaseEscalated: {"A case is looked at again", "now"}, audit.CaseClosed: {"A case was closed", "done"}, audit.CaseRead: {"Staff read your case", ""}, audit.CaseKeyEnded: {"What a case said was destroyed", ""},
		audit.PermissionAnswered: {"You were asked for a permission of your device", ""}, audit.PermissionOff: {"You turned a permission off", ""}, audit.PermissionOpened: {"A permission of your device was used", "now"}, audit.PermissionClosed: {"What a permission opened was closed", ""}, audit.PermissionDenied: {"The app was kept from using your device", "done"}, audit.SessionLeft: {"You left: nothing more was observed", ""},
	}
	return t
}
