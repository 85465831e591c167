package linalg

import (
	"fmt"
	"math"
	"strings"

	"randalign/tensor"
)

// AlignOptions are the knobs of Align and AlignCov; the zero value is usable.
type AlignOptions struct {
	RelTol       float64 // eigenvalues that count as equal; 0 means DefaultRelTol
	ControlDraws int     // random bases; 0 means 100
	FloorDraws   int     // aligned samples; 0 means 99
	Seed         uint64  // of the streams "align/control", "align/floor", "align/shape" and "align/bands"
	// Samples is the number of filters behind AlignCov's weight covariance, for
	// the floor; 0 means not known, and the floor is then left out. Align sets it.
	Samples int
}

func (o AlignOptions) withDefaults() AlignOptions {
	if o.RelTol == 0 {
		o.RelTol = DefaultRelTol
	}
	if o.ControlDraws == 0 {
		o.ControlDraws = 100
	}
	if o.FloorDraws == 0 {
		o.FloorDraws = 99
	}
	return o
}

// Eigenspace is one point of the transfer function, over the data's spectrum.
type Eigenspace struct {
	Sigma        float64 `json:"sigma"`        // root of the data's eigenvalue
	Multiplicity int     `json:"multiplicity"` // how many eigenvalues were grouped
	F            float64 `json:"f"`            // sqrt(tr(P_j B)/multiplicity), B not shrunk
	// Low and High bound f with 95% confidence (bootstrap over filters, see
	// TransferBands); both 0 where the filters are not known.
	Low  float64 `json:"low,omitempty"`
	High float64 `json:"high,omitempty"`
}

// Report says how well weights align with data. The slices run over the
// eigenspaces of the data, sigma ascending.
type Report struct {
	Dim          int      `json:"dim"`
	Samples      int      `json:"samples"` // filters, 0 if not known
	Misalignment float64  `json:"misalignment"`
	Control      Estimate `json:"control"` // M over random bases: what no alignment gives
	Floor        Estimate `json:"floor"`   // M of as many aligned filters; Draws is 0 if Samples is not known
	Excess       float64  `json:"excess"`  // Misalignment - Floor
	// Position is Excess / (Control - Floor): about 0 for aligned weights, about
	// 1 for weights that know nothing of the data. It means something only if
	// PositionKnown: there is a floor, and the control is above it by three
	// standard deviations of a draw. It is 0 otherwise.
	Position float64 `json:"position"`
	// PNotAligned is the chance of an M as large as this one for as many filters
	// that are exactly aligned: small values say "not aligned". A parametric
	// bootstrap over the draws of the floor, whose law does not depend on f; 0 if
	// there is no floor.
	PNotAligned float64 `json:"p_not_aligned"`
	// PChance is the share of random bases with an M as small as this one: small
	// values say "closer to the data than chance".
	PChance       float64      `json:"p_chance"`
	PositionKnown bool         `json:"position_known"`
	Eigenspaces   []Eigenspace `json:"eigenspaces"`
	Shape         string       `json:"shape"`             // of f over sigma: ClassifyShape at 5%, or Shape if Samples is not known
	ShapeP        []ShapeP     `json:"shape_p,omitempty"` // what the tests said, up to the first that was not rejected
	Explained     []float64    `json:"explained"`         // share of the data's variance in each eigenspace
	Regularised   bool         `json:"regularised"`
	Shrinkage     float64      `json:"shrinkage"` // Ledoit-Wolf intensity, 0 if not regularised
	Note          string       `json:"note"`
}

// Align measures m filters, [m, d], against the d x d covariance of the data.
// Their second moment B has no mean subtracted. With m <= d, or filters that
// do not span the space, B is singular: it is shrunk by LedoitWolf, and so is
// every draw of the floor; Note says so.
//
// Errors: those of Eigen and ErrNegative for cov, ErrNotFinite for a filter,
// ErrTooFew below two filters, ErrNotPositiveDefinite if all filters are zero.
// It panics if sizes do not fit.
func Align(cov *Mat, filters []float32, m int, opt AlignOptions) (*Report, error) {
	d := cov.Rows
	mustRows("align", len(filters), m, d)
	for i, x := range filters {
		if x-x != 0 {
			return nil, fmt.Errorf("%w: %v in filter %d, element %d", ErrNotFinite, x, i/d, i%d)
		}
	}
	if m < 2 || d == 0 {
		return nil, fmt.Errorf("%w: %d filters of dimension %d", ErrTooFew, m, d)
	}
	second := SecondMoment(filters, m, d)
	b := second
	var note string
	var shrinkage float64
	_, err := Cholesky(second)
	if m <= d || err != nil {
		b, shrinkage = LedoitWolf(filters, m, d)
		why := fmt.Sprintf("%d filters span fewer than %d dimensions", m, d)
		if m <= d {
			why = fmt.Sprintf("%d filters in %d dimensions are too few", m, d)
		}
		note = fmt.Sprintf("%s: their second moment was shrunk towards a multiple of the identity (Ledoit-Wolf, intensity %.4g), and so was each draw of the floor", why, shrinkage)
	}
	opt.Samples = m
	r, e, err := align(cov, second, b, note != "", shrinkage, note, opt.withDefaults())
	if err != nil {
		return nil, err
	}
	spaces := make([]Space, 0, len(r.Eigenspaces))
	at := 0
	for _, s := range r.Eigenspaces {
		spaces = append(spaces, Space{at, at + s.Multiplicity})
		at += s.Multiplicity
	}
	for j, band := range TransferBands(e, spaces, filters, m, bandDraws, bandLevel, tensor.NewStream(opt.Seed, "align/bands")) {
		r.Eigenspaces[j].Low, r.Eigenspaces[j].High = band.Low, band.High
	}
	return r, nil
}

const (
	bandDraws  = 400 // resamplings behind a confidence band
	bandLevel  = 0.95
	shapeDraws = 99 // simulations behind the test of a shape
	shapeAlpha = 0.05
)

// AlignCov measures the covariance (or second moment) of the weights against
// that of the data. Errors are those of Eigen, ErrNegative for covData, and
// ErrNotPositiveDefinite for covWeights, which nothing shrinks here. It panics
// if the two have different sizes.
func AlignCov(covData, covWeights *Mat, opt AlignOptions) (*Report, error) {
	if err := CheckSymmetric(covWeights); err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	r, _, err := align(covData, covWeights, covWeights, false, 0, "", opt.withDefaults())
	return r, err
}

// align measures the positive definite b, whose unregularised form is second.
func align(cov, second, b *Mat, shrunk bool, shrinkage float64, note string, opt AlignOptions) (*Report, *Eig, error) {
	mustFit("align", cov, b, cov.Rows == b.Rows)
	e, err := Eigen(cov)
	if err == nil {
		err = checkCovariance(e)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("data: %w", err)
	}
	d := cov.Rows
	spaces := Group(e.Values, opt.RelTol)
	points := TransferFunction(e, spaces, second)
	r := &Report{Dim: d, Samples: opt.Samples, Regularised: shrunk, Shrinkage: shrinkage}
	if r.Misalignment, err = Misalignment(e.Vectors, spaces, b); err != nil {
		return nil, nil, fmt.Errorf("weights: %w", err)
	}
	var total float64
	std := make([]float64, len(spaces))
	for j, p := range points {
		std[j] = p.F
		total = math.FMA(float64(p.Multiplicity), max(p.Eigenvalue, 0), total)
		r.Eigenspaces = append(r.Eigenspaces, Eigenspace{Sigma: p.Sigma, Multiplicity: p.Multiplicity, F: p.F})
	}
	for _, p := range points {
		share := 0.0
		if total > 0 {
			share = float64(p.Multiplicity) * max(p.Eigenvalue, 0) / total
		}
		r.Explained = append(r.Explained, share)
	}
	control, err := controlDraws(spaces, b, opt.ControlDraws, tensor.NewStream(opt.Seed, "align/control"))
	if err != nil {
		return nil, nil, err
	}
	r.Control.Draws = opt.ControlDraws
	r.Control.Mean, r.Control.Std = meanStd(control)
	r.PChance = pBelow(control, r.Misalignment)
	notes := []string{}
	if note != "" {
		notes = append(notes, note)
	}
	if m := opt.Samples; m >= 2 && (shrunk || m > d) {
		test := ClassifyShape(points, m, shapeDraws, shapeAlpha, tensor.NewStream(opt.Seed, "align/shape"))
		r.Shape, r.ShapeP = test.Shape, test.P
		floor, err := floorDraws(spaces, std, m, shrunk, opt.FloorDraws, tensor.NewStream(opt.Seed, "align/floor"))
		if err != nil {
			return nil, nil, fmt.Errorf("floor: %w", err)
		}
		r.Floor.Draws = opt.FloorDraws
		r.Floor.Mean, r.Floor.Std = meanStd(floor)
		r.PNotAligned = pAbove(floor, r.Misalignment)
		r.Excess = r.Misalignment - r.Floor.Mean
		gap := r.Control.Mean - r.Floor.Mean
		r.PositionKnown = gap > 3*math.Sqrt(float64(r.Control.Std*r.Control.Std)+float64(r.Floor.Std*r.Floor.Std))
		if r.PositionKnown {
			r.Position = r.Excess / gap
		} else {
			notes = append(notes, "the control is not clearly above the floor (the weights are nearly isotropic): position is not defined")
		}
	} else {
		r.Shape = Shape(points, 0)
		notes = append(notes, "the number of filters is not known, or not above the dimension: no floor, no position")
	}
	if len(spaces) < d {
		notes = append(notes, fmt.Sprintf("%d eigenvalues of the data form %d eigenspaces (relative tolerance %.3g)", d, len(spaces), opt.RelTol))
	}
	r.Note = strings.Join(notes, "; ")
	return r, e, nil
}
