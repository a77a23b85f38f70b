package failpoint

// Names returns every point of the program, in the order a request passes
// them: what a kill loop walks through.
func Names() []string {
	return []string{
		// Receiving and preparing a request.
		"rights.receive.before-commit",
		"rights.receive.after-commit",
		"rights.verify.before-commit",
		"rights.survey.before-warrant",
		"rights.survey.before-system",
		"rights.survey.before-store",
		"rights.survey.before-commit",
		"rights.plan.before-commit",
		"rights.approve.before-commit",
		"rights.run.before-commit",
		"rights.run.after-commit",
		// One step of a run.
		"rights.step.before-start",
		"rights.step.before-check",
		"rights.step.before-intent",
		"rights.step.before-warrant",
		"rights.step.before-act",
		"rights.step.after-act",
		"rights.step.before-commit",
		"rights.step.after-commit",
		// The package of an access request.
		"rights.export.before-clear",
		"rights.export.before-part",
		"rights.pack.before-part",
		"rights.pack.before-sweep",
		// The last steps.
		"rights.deliver.before-receipt",
		"rights.deliver.before-commit",
		"rights.inform.before-mail",
		"rights.inform.after-mail",
		"rights.close.before-destroy",
		"rights.close.after-destroy",
		"rights.close.before-commit",
		// The erasure inside the vault.
		"vault.erase.before-intent",
		"vault.erase.before-journal",
		"vault.erase.before-destroy",
		"vault.erase.after-destroy",
		"vault.erase.before-answer",
		"vault.erase.before-commit",
		"vault.erase.after-commit",
		// A correction inside the vault.
		"vault.correct.before-destroy",
		"vault.correct.after-destroy",
		"vault.correct.before-answer",
	}
}
