// Package linalg does linear algebra in float64.
package linalg
