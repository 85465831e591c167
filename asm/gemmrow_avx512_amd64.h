// The rows of tiles of gemmF32AVX512x14x32 and gemmF64AVX512x14x16: what goes from one of the
// tiles of gemm_avx512_amd64.h to the next, with the registers and locals given there.

// SPREAD spreads the pairs of lines of the Fetch, and the pieces that are taken, over the steps of
// all tiles that have nothing else to do.
#define SPREAD(both, begin) \
	MOVQ $0, row-72(SP)    \
	MOVQ next+104(FP), R14 \
	TESTQ R14, R14         \
	JEQ begin              \
	MOVQ rows+0(FP), DX    \
	MOVQ kc+16(FP), AX     \
	SUBQ DX, AX            \
	SUBQ DX, AX            \
	SUBQ $4, AX            \
	MOVQ cols+8(FP), DX    \
	ADDQ $(2*HALF-1), DX   \
	SHRQ $(7-SHIFT), DX    \
	IMULQ DX, AX           \
	MOVQ 56(R14), DX       \
	IMULQ 64(R14), DX      \
	MOVQ 8(R14), CX        \
	IMULQ 24(R14), CX      \
	CMPQ 96(R14), $0       \
	JNE both               \
	SUBQ DX, AX            \
	XORL DX, DX            \
both:                      \
	ADDQ DX, CX            \
	MOVQ $1, every-56(SP)  \
	TESTQ CX, CX           \
	JLE begin              \
	TESTQ AX, AX           \
	JLE begin              \
	XORL DX, DX            \
	DIVQ CX                \
	DECQ AX                \
	CMPQ AX, $1            \
	JLE begin              \
	MOVQ AX, every-56(SP)  \
begin:

// GEMM is the body of the kernel: it cuts the rows into panels, the last two of about equal height, goes
// from tile to tile, makes the masks (as many ones as there are columns) and goes to the loops of the
// right size.
#define GEMM \
	MOVQ  rows+0(FP), R14 \
	MOVQ  R14, height-80(SP) \
	MOVQ  cols+8(FP), AX  \
	MOVQ  AX, width-88(SP) \
	MOVQ  b+48(FP), BX    \
	MOVQ  BX, panels-96(SP) \
	MOVQ  bias+96(FP), BX \
	MOVQ  BX, biases-104(SP) \
	MOVQ  c+72(FP), BX    \
	MOVQ  BX, first-24(SP) \
	MOVQ  $0, floor-16(SP) \
	SPREAD(both, begin)         \
	STRIDE(rs+32(FP))     \
panel:                    \
	MOVQ  height-80(SP), R14 \
	CMPQ  R14, $14        \
	JLE   whole           \
	INCQ  R14             \
	SHRQ  $1, R14         \
	MOVQ  $14, DX         \
	CMPQ  R14, DX         \
	CMOVQGT DX, R14       \
whole:                    \
	MOVQ  R14, rows+0(FP) \
	SUBQ  R14, height-80(SP) \
tile:                     \
	MOVQ  cols+8(FP), CX  \
	MOVQ  $(2*HALF), DX   \
	CMPQ  CX, DX          \
	CMOVQGT DX, CX        \
	MOVQ  $-1, DX         \
	SHLQ  CX, DX          \
	NOTQ  DX              \
	KMOVD DX, K1          \
	SHRQ  $HALF, DX       \
	KMOVD DX, K2          \
	MOVQ  rows+0(FP), R14 \
	CMPQ  CX, $HALF       \
	MOVQ  cs+40(FP), CX   \
	LEAQ  (CX*SCALE), CX  \
	JLE   narrow          \
	CMPQ  R14, $14        \
	JEQ   wide14          \
	CMPQ  R14, $13        \
	JEQ   wide13          \
	CMPQ  R14, $12        \
	JEQ   wide12          \
	CMPQ  R14, $11        \
	JEQ   wide11          \
	CMPQ  R14, $10        \
	JEQ   wide10          \
	CMPQ  R14, $9         \
	JEQ   wide9           \
	CMPQ  R14, $8         \
	JEQ   wide8           \
	CMPQ  R14, $7         \
	JEQ   wide7           \
	CMPQ  R14, $6         \
	JEQ   wide6           \
	CMPQ  R14, $5         \
	JEQ   wide5           \
	CMPQ  R14, $4         \
	JEQ   wide4           \
	CMPQ  R14, $3         \
	JEQ   wide3           \
	CMPQ  R14, $2         \
	JEQ   wide2           \
wide1: \
	WIDE(1, EACH1, wv1, wa1, wq1, wz1, ws1, wf1, wx1, wm1, wg1, wc1, wt1, wi1, wk1, wy1, wo1, wr1, we1, wl1, wp1, wu1, wh1, wb1, wd1) \
wide2: \
	WIDE(2, EACH2, wv2, wa2, wq2, wz2, ws2, wf2, wx2, wm2, wg2, wc2, wt2, wi2, wk2, wy2, wo2, wr2, we2, wl2, wp2, wu2, wh2, wb2, wd2) \
wide3: \
	WIDE(3, EACH3, wv3, wa3, wq3, wz3, ws3, wf3, wx3, wm3, wg3, wc3, wt3, wi3, wk3, wy3, wo3, wr3, we3, wl3, wp3, wu3, wh3, wb3, wd3) \
wide4: \
	WIDE(4, EACH4, wv4, wa4, wq4, wz4, ws4, wf4, wx4, wm4, wg4, wc4, wt4, wi4, wk4, wy4, wo4, wr4, we4, wl4, wp4, wu4, wh4, wb4, wd4) \
wide5: \
	WIDE(5, EACH5, wv5, wa5, wq5, wz5, ws5, wf5, wx5, wm5, wg5, wc5, wt5, wi5, wk5, wy5, wo5, wr5, we5, wl5, wp5, wu5, wh5, wb5, wd5) \
wide6: \
	WIDE(6, EACH6, wv6, wa6, wq6, wz6, ws6, wf6, wx6, wm6, wg6, wc6, wt6, wi6, wk6, wy6, wo6, wr6, we6, wl6, wp6, wu6, wh6, wb6, wd6) \
wide7: \
	WIDE(7, EACH7, wv7, wa7, wq7, wz7, ws7, wf7, wx7, wm7, wg7, wc7, wt7, wi7, wk7, wy7, wo7, wr7, we7, wl7, wp7, wu7, wh7, wb7, wd7) \
wide8: \
	WIDE(8, EACH8, wv8, wa8, wq8, wz8, ws8, wf8, wx8, wm8, wg8, wc8, wt8, wi8, wk8, wy8, wo8, wr8, we8, wl8, wp8, wu8, wh8, wb8, wd8) \
wide9: \
	WIDE(9, EACH9, wv9, wa9, wq9, wz9, ws9, wf9, wx9, wm9, wg9, wc9, wt9, wi9, wk9, wy9, wo9, wr9, we9, wl9, wp9, wu9, wh9, wb9, wd9) \
wide10: \
	WIDE(10, EACH10, wv10, wa10, wq10, wz10, ws10, wf10, wx10, wm10, wg10, wc10, wt10, wi10, wk10, wy10, wo10, wr10, we10, wl10, wp10, wu10, wh10, wb10, wd10) \
wide11: \
	WIDE(11, EACH11, wv11, wa11, wq11, wz11, ws11, wf11, wx11, wm11, wg11, wc11, wt11, wi11, wk11, wy11, wo11, wr11, we11, wl11, wp11, wu11, wh11, wb11, wd11) \
wide12: \
	WIDE(12, EACH12, wv12, wa12, wq12, wz12, ws12, wf12, wx12, wm12, wg12, wc12, wt12, wi12, wk12, wy12, wo12, wr12, we12, wl12, wp12, wu12, wh12, wb12, wd12) \
wide13: \
	WIDE(13, EACH13, wv13, wa13, wq13, wz13, ws13, wf13, wx13, wm13, wg13, wc13, wt13, wi13, wk13, wy13, wo13, wr13, we13, wl13, wp13, wu13, wh13, wb13, wd13) \
wide14: \
	WIDE(14, EACH14, wv14, wa14, wq14, wz14, ws14, wf14, wx14, wm14, wg14, wc14, wt14, wi14, wk14, wy14, wo14, wr14, we14, wl14, wp14, wu14, wh14, wb14, wd14) \
narrow: \
	CMPQ  R14, $14        \
	JEQ   narrow14        \
	CMPQ  R14, $13        \
	JEQ   narrow13        \
	CMPQ  R14, $12        \
	JEQ   narrow12        \
	CMPQ  R14, $11        \
	JEQ   narrow11        \
	CMPQ  R14, $10        \
	JEQ   narrow10        \
	CMPQ  R14, $9         \
	JEQ   narrow9         \
	CMPQ  R14, $8         \
	JEQ   narrow8         \
	CMPQ  R14, $7         \
	JEQ   narrow7         \
	CMPQ  R14, $6         \
	JEQ   narrow6         \
	CMPQ  R14, $5         \
	JEQ   narrow5         \
	CMPQ  R14, $4         \
	JEQ   narrow4         \
	CMPQ  R14, $3         \
	JEQ   narrow3         \
	CMPQ  R14, $2         \
	JEQ   narrow2         \
narrow1: \
	NARROW(1, EACH1, nv1, na1, nq1, nz1, ns1, nf1, nx1, nm1, ng1, nc1, nt1, ni1, nk1, ny1, no1, nr1, ne1, nl1, np1, nu1, nh1, nb1, nd1) \
narrow2: \
	NARROW(2, EACH2, nv2, na2, nq2, nz2, ns2, nf2, nx2, nm2, ng2, nc2, nt2, ni2, nk2, ny2, no2, nr2, ne2, nl2, np2, nu2, nh2, nb2, nd2) \
narrow3: \
	NARROW(3, EACH3, nv3, na3, nq3, nz3, ns3, nf3, nx3, nm3, ng3, nc3, nt3, ni3, nk3, ny3, no3, nr3, ne3, nl3, np3, nu3, nh3, nb3, nd3) \
narrow4: \
	NARROW(4, EACH4, nv4, na4, nq4, nz4, ns4, nf4, nx4, nm4, ng4, nc4, nt4, ni4, nk4, ny4, no4, nr4, ne4, nl4, np4, nu4, nh4, nb4, nd4) \
narrow5: \
	NARROW(5, EACH5, nv5, na5, nq5, nz5, ns5, nf5, nx5, nm5, ng5, nc5, nt5, ni5, nk5, ny5, no5, nr5, ne5, nl5, np5, nu5, nh5, nb5, nd5) \
narrow6: \
	NARROW(6, EACH6, nv6, na6, nq6, nz6, ns6, nf6, nx6, nm6, ng6, nc6, nt6, ni6, nk6, ny6, no6, nr6, ne6, nl6, np6, nu6, nh6, nb6, nd6) \
narrow7: \
	NARROW(7, EACH7, nv7, na7, nq7, nz7, ns7, nf7, nx7, nm7, ng7, nc7, nt7, ni7, nk7, ny7, no7, nr7, ne7, nl7, np7, nu7, nh7, nb7, nd7) \
narrow8: \
	NARROW(8, EACH8, nv8, na8, nq8, nz8, ns8, nf8, nx8, nm8, ng8, nc8, nt8, ni8, nk8, ny8, no8, nr8, ne8, nl8, np8, nu8, nh8, nb8, nd8) \
narrow9: \
	NARROW(9, EACH9, nv9, na9, nq9, nz9, ns9, nf9, nx9, nm9, ng9, nc9, nt9, ni9, nk9, ny9, no9, nr9, ne9, nl9, np9, nu9, nh9, nb9, nd9) \
narrow10: \
	NARROW(10, EACH10, nv10, na10, nq10, nz10, ns10, nf10, nx10, nm10, ng10, nc10, nt10, ni10, nk10, ny10, no10, nr10, ne10, nl10, np10, nu10, nh10, nb10, nd10) \
narrow11: \
	NARROW(11, EACH11, nv11, na11, nq11, nz11, ns11, nf11, nx11, nm11, ng11, nc11, nt11, ni11, nk11, ny11, no11, nr11, ne11, nl11, np11, nu11, nh11, nb11, nd11) \
narrow12: \
	NARROW(12, EACH12, nv12, na12, nq12, nz12, ns12, nf12, nx12, nm12, ng12, nc12, nt12, ni12, nk12, ny12, no12, nr12, ne12, nl12, np12, nu12, nh12, nb12, nd12) \
narrow13: \
	NARROW(13, EACH13, nv13, na13, nq13, nz13, ns13, nf13, nx13, nm13, ng13, nc13, nt13, ni13, nk13, ny13, no13, nr13, ne13, nl13, np13, nu13, nh13, nb13, nd13) \
narrow14: \
	NARROW(14, EACH14, nv14, na14, nq14, nz14, ns14, nf14, nx14, nm14, ng14, nc14, nt14, ni14, nk14, ny14, no14, nr14, ne14, nl14, np14, nu14, nh14, nb14, nd14) \
end:                      \
	CMPQ  height-80(SP), $0 \
	JEQ   all             \
	MOVQ  rows+0(FP), AX  \
	MOVQ  ldc+80(FP), BX  \
	SHLQ  $SHIFT, BX      \
	IMULQ AX, BX          \
	ADDQ  first-24(SP), BX \
	MOVQ  BX, first-24(SP) \
	MOVQ  BX, c+72(FP)    \
	IMULQ R8, AX          \
	ADDQ  AX, a+24(FP)    \
	MOVQ  width-88(SP), AX \
	MOVQ  AX, cols+8(FP)  \
	MOVQ  panels-96(SP), AX \
	MOVQ  AX, b+48(FP)    \
	MOVQ  biases-104(SP), AX \
	MOVQ  AX, bias+96(FP) \
	JMP   panel           \
all:                      \
	VZEROUPPER            \
	RET

// GEMMPAST is the body of a kernel that stores whole tiles of 11 to 14 rows past the caches. They
// ask for no tile of C.
#define PUTPAST(C, X, L, H) VMOVNTPS L, (BX); VMOVNTPS H, 64(BX); ADDQ DX, BX
#define LASTPAST(A, X, L, H) BOTH2(L, H); PUTPAST(A, X, L, H)
#define PAST(EACH, again, ahead, part, zero, steps, pair, plain, more, go, copy, take, split, taken, copied, other, rest, edge, loop, store, put, last, bias, done) \
	TILE(0, EACH, 2*HALF, GET2, GETPART2, ROWB2, PARTB2, MUL2, ROWSB2, LASTPAST, LASTPAST, BIASPART2, PARTBIAS2, PUTPAST, again, ahead, part, zero, steps, pair, plain, more, go, copy, take, split, taken, copied, other, rest, edge, loop, store, put, last, bias, done)

#define GEMMPAST \
	SPREAD(both, begin)            \
	STRIDE(rs+32(FP))        \
tile:                            \
	MOVQ cs+40(FP), CX       \
	LEAQ (CX*SCALE), CX      \
	MOVQ rows+0(FP), R14     \
	CMPQ R14, $14            \
	JEQ  rows14              \
	CMPQ R14, $13            \
	JEQ  rows13              \
	CMPQ R14, $12            \
	JEQ  rows12              \
	PAST(EACH11, v11, a11, q11, z11, s11, f11, x11, m11, g11, c11, t11, i11, k11, y11, o11, r11, e11, l11, p11, u11, h11, b11, d11) \
rows12:                          \
	PAST(EACH12, v12, a12, q12, z12, s12, f12, x12, m12, g12, c12, t12, i12, k12, y12, o12, r12, e12, l12, p12, u12, h12, b12, d12) \
rows13:                          \
	PAST(EACH13, v13, a13, q13, z13, s13, f13, x13, m13, g13, c13, t13, i13, k13, y13, o13, r13, e13, l13, p13, u13, h13, b13, d13) \
rows14:                          \
	PAST(EACH14, v14, a14, q14, z14, s14, f14, x14, m14, g14, c14, t14, i14, k14, y14, o14, r14, e14, l14, p14, u14, h14, b14, d14) \
end:                             \
	VZEROUPPER               \
	RET
