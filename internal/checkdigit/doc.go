// Package checkdigit checks the last character of numbers that carry one, so that a
// slip of the pen is told from a number.
package checkdigit
