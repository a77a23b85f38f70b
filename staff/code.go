package staff

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/avow-dev/avow/internal/seal"
)

// An Enrolment is what a person takes home once: it cannot be shown again.
type Enrolment struct {
	URL      seal.Personal   // otpauth://…, for an authenticator app, as a QR code or typed
	Recovery []seal.Personal // each signs in once in place of a code
}

const (
	otpPeriod     = 30 // seconds
	otpSecret     = 20 // bytes (RFC 4226 §4)
	recoveryCodes = 10
	recoveryBytes = 10 // 80 bits: cannot be guessed, so a fast hash is enough
)

// enrolment makes a secret and recovery codes.
func enrolment(issuer, login string) (e Enrolment, secret string, digests [][]byte, err error) {
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: issuer, AccountName: login, Period: otpPeriod, SecretSize: otpSecret, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	if err != nil {
		return e, "", nil, fmt.Errorf("staff enrol: %w", err)
	}
	e.URL = seal.NewPersonal(key.URL())
	for range recoveryCodes {
		code := newRecovery()
		e.Recovery = append(e.Recovery, seal.NewPersonal(code))
		digests = append(digests, recoveryDigest(code))
	}
	return e, key.Secret(), digests, nil
}

// newRecovery returns a code such as abcd-efgh-ijkl-mnop.
func newRecovery() string {
	b := make([]byte, recoveryBytes)
	rand.Read(b)
	s := strings.ToLower(base32.StdEncoding.EncodeToString(b))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

// recoveryDigest is what is stored of a code. Hyphens, spaces and case of what
// was typed do not count.
func recoveryDigest(code string) []byte {
	sum := sha256.Sum256([]byte("avow recovery 1 " + strings.ToLower(onlyCode(code))))
	return sum[:]
}

func onlyCode(s string) string { return strings.NewReplacer("-", "", " ", "").Replace(s) }

// step returns the step of 30 s whose code this is, of the one at a time and its
// two neighbours (RFC 6238 §5.2), and 0 when it is none.
func step(secret, code string, at time.Time) (int64, error) {
	code = onlyCode(code)
	found := int64(0)
	for _, s := range []int64{at.Unix()/otpPeriod - 1, at.Unix() / otpPeriod, at.Unix()/otpPeriod + 1} {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(s*otpPeriod, 0), totp.ValidateOpts{
			Period: otpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
		})
		if err != nil {
			return 0, fmt.Errorf("staff code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = s
		}
	}
	return found, nil
}
