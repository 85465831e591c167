// Package nn trains networks.
package nn
