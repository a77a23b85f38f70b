package staff

import (
	"testing"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/seal"
)

func TestPasswordsThatAreTriedFirstAreRefused(t *testing.T) {
	for _, s := range []string{
		"password1234", "Password1234!", "P@ssw0rd2026!", "passwordpassword", "123456789012", "1234567890123", "qwertyuiop12", "qwertyuiopas", "1q2w3e4r5t6y",
		"1qaz2wsx3edc", "administrator", "Welcome12345", "iloveyou1234", "woaini1314520", "abcdefghijkl", "mlkjihgfedcba", "avow20262026",
	} {
		if _, err := checkPassword(seal.NewPersonal(s), "mei"); fault.Of(err) != fault.Invalid {
			t.Errorf("%q: %v", s, err)
		}
	}
	for _, s := range []string{"correct horse battery staple", "a good long password 4711", "tea-lantern-7-harbour", "我的密码是很长很长的一句话呀", "Xk2#vvQm81!pLw"} {
		if _, err := checkPassword(seal.NewPersonal(s), "mei"); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
}
