// The rows of a result at eight places, R11 bytes apart and R12 for three: those from the
// fourth on behind R13, the others behind DI.

#define DST0 (DI)
#define DST1 (DI)(R11*1)
#define DST2 (DI)(R11*2)
#define DST3 (DI)(R12*1)
#define DST4 (R13)
#define DST5 (R13)(R11*1)
#define DST6 (R13)(R11*2)
#define DST7 (R13)(R12*1)
