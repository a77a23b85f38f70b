package db

// Inquire begins an inquiry that is answered with the act's commit, as of one moment
// between its call and its return: while the commit is on its way, and on PostgreSQL,
// where it is one question about one, in the transaction and the round trip of the
// commit. The rows are there, in memory, once [DB.Commit] has returned nil and
// [Inquiry.Err] does too; until then they must not be touched.
func (a *Act) Inquire() *Inquiry {
	a.mustBuild()
	if a.asks == nil {
		a.asks = a.db.NewInquiry()
	}
	return a.asks
}

// Err returns why an inquiry that came with a commit has no answer. What the act wrote
// is durable all the same.
func (in *Inquiry) Err() error { return in.err }

// fail notes that nothing was answered.
func (in *Inquiry) fail(err error) {
	if err == nil {
		return
	}
	in.err = err
	for _, x := range in.questions {
		x.reply.failed = in.err
	}
}

// alone returns the question as one of an act, where it is one about one: several would
// each be answered as of a moment of its own, in a transaction that writes.
func (in *Inquiry) alone() *asking {
	if in == nil || len(in.questions) != 1 || in.questions[0].n != 1 {
		return nil
	}
	return in.questions[0].asking()
}

// give takes over the answer to what alone returned.
func (in *Inquiry) give(a *asking) {
	in.questions[0].take(a)
	in.err = a.reply.failed
}
