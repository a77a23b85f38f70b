// Package gate stands between every use of personal data and the data.
package gate
