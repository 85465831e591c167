package nn

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// One error for each way in which a file of arrays can lie. What the readers
// return wraps one of these, in one line that names the file, the tensor or
// field, what was found and what was expected.
var (
	// ErrTruncated means that the file ends before what its header promises.
	ErrTruncated = errors.New("file is cut short")
	// ErrTrailing means that bytes follow the last element.
	ErrTrailing = errors.New("bytes after the end")
	// ErrMagic means that the file does not start as its format does.
	ErrMagic = errors.New("not a file of this format")
	// ErrVersion means a version of the format that nobody has defined.
	ErrVersion = errors.New("unknown version of the format")
	// ErrHeaderSize means a header longer than the file or than the cap.
	ErrHeaderSize = errors.New("bad length of the header")
	// ErrHeader means a header that is not in the format's language.
	ErrHeader = errors.New("malformed header")
	// ErrDuplicate means two entries, or two fields of an entry, with one name.
	ErrDuplicate = errors.New("duplicate name")
	// ErrName means an entry with a name that cannot be used.
	ErrName = errors.New("bad name")
	// ErrDtype means a type of element that is not read here.
	ErrDtype = errors.New("unsupported type of element")
	// ErrShape means a shape that is not one, or that overflows.
	ErrShape = errors.New("bad shape")
	// ErrOffsets means that an entry's bytes are not as many as its shape needs.
	ErrOffsets = errors.New("offsets and shape disagree")
	// ErrOverlap means that two tensors claim the same bytes.
	ErrOverlap = errors.New("overlapping tensors")
	// ErrGap means that there are bytes which no tensor claims.
	ErrGap = errors.New("bytes that belong to no tensor")
	// ErrRange means a finite number that the type it is read into cannot hold.
	ErrRange = errors.New("number out of range")
	// ErrTooLarge means an archive that would unpack to more than is allowed.
	ErrTooLarge = errors.New("archive unpacks to too much")
	// ErrDamaged means an archive whose entry does not unpack, or not to what its
	// checksum says.
	ErrDamaged = errors.New("damaged archive")
	// ErrMissing means that an archive lacks an array that was asked for.
	ErrMissing = errors.New("no such array")
	// ErrNotFinite means a NaN or an infinity among weights.
	ErrNotFinite = errors.New("not a finite number")
	// ErrExtension means a file name whose ending is none of a known format's.
	ErrExtension = errors.New("unknown kind of file")
)

// pathError puts path before an error about that file, in place of the name,
// maybe a temporary one, that an error of package os carries itself.
func pathError(path string, err error) error {
	switch e := err.(type) {
	case nil:
		return nil
	case *fs.PathError:
		err = e.Err
	case *os.LinkError:
		err = e.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// openFile opens a regular file and returns its length.
func openFile(path string) (*os.File, int64, error) {
	// Stat first: opening a named pipe would wait for a writer.
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, pathError(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%s: found a %s, expected a file", path, kindOf(info.Mode()))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, pathError(path, err)
	}
	if info, err = f.Stat(); err != nil {
		f.Close()
		return nil, 0, pathError(path, err)
	}
	return f, info.Size(), nil
}

func kindOf(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "folder"
	case m&fs.ModeNamedPipe != 0:
		return "pipe"
	case m&fs.ModeSocket != 0:
		return "socket"
	}
	return "device"
}

// brief shows a piece of a file in a message: strings quoted, all of it on one
// line and not much of it.
func brief(v any) string {
	text, isString := v.(string)
	if !isString {
		text = fmt.Sprint(v)
	}
	const limit = 60
	more := ""
	if len(text) > limit {
		text, more = text[:limit], fmt.Sprintf("... (%d bytes)", len(text))
	}
	if isString {
		return fmt.Sprintf("%q%s", text, more)
	}
	return text + more
}
