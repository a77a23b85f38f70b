package centre

import "testing"

// A spreadsheet that opens a person's file takes no value for a formula.
func TestPortableFilesAreNoFormulas(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+cmd|' /C calc'!A0": "'+cmd|' /C calc'!A0", "-2+3+cmd": "'-2+3+cmd", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1",
		"+86 139 1234 5678": "+86 139 1234 5678", "-12.5": "-12.5", "plain": "plain", "": "", "1=1": "1=1",
	} {
		if got := cell(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
