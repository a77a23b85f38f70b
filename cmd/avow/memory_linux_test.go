package main

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"testing"
)

func TestOnlyWhatNobodyWroteOfTheProgramFileIsLetGo(t *testing.T) {
	const smaps = `00400000-01b30000 r-xp 00000000 fe:00 10027426                           /opt/avow
Rss:               19532 kB
Anonymous:             0 kB
01b30000-033ef000 r--p 01730000 fe:00 10027426                           /opt/avow
Anonymous:             4 kB
033ef000-03554000 rw-p 02fef000 fe:00 10027426                           /opt/avow
Anonymous:             0 kB
03554000-0359f000 r--p 02fef000 fe:00 10027426                           /opt/avow
Anonymous:             0 kB
03554000-0559f000 rw-p 00000000 00:00 0 
Anonymous:             0 kB
7f1089000000-7f108905c000 r--p 00000000 fe:00 10029295                   /var/lib/avow
Anonymous:             0 kB
7f1099000000-7f109905c000 r--p 00000000 00:00 0                          [vvar]
Anonymous:             0 kB
`
	want := []mapping{{0x400000, 0x1b30000}, {0x3554000, 0x359f000}}
	if got := unwritten(smaps, "/opt/avow"); !slices.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
}

func TestAProgramGoesOnWithoutItsPages(t *testing.T) {
	if _, err := os.Stat("/proc/self/smaps"); errors.Is(err, fs.ErrNotExist) {
		t.Skip("this Linux shows no /proc/self/smaps, by which the program finds its pages")
	}
	file, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	smaps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	if len(unwritten(string(smaps), file)) == 0 {
		t.Error("nothing of this program is found")
	}
	leaveProgram()
	if again, err := os.Readlink("/proc/self/exe"); err != nil || again != file {
		t.Errorf("%s, %v", again, err)
	}
}
