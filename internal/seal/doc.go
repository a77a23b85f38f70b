// Package seal seals personal data and keeps the keys.
package seal
