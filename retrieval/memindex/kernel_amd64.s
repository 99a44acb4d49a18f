#include "textflag.h"

// func dotCodesAVX2(out *int32, codes *int8, query *int16, rows, width int)
//
// Four rows share each load of the query. Codes are widened to 16 bits, so
// that products of pairs add up in 32 bits without loss. Prefetching two pages
// ahead gets over the ends of pages, where the processor's own prefetching
// stops; where memory is the limit that is worth a third. To prefetch behind
// the end does no harm.
TEXT ·dotCodesAVX2(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DI
	MOVQ codes+8(FP), SI
	MOVQ query+16(FP), DX
	MOVQ rows+24(FP), CX
	MOVQ width+32(FP), BX

four:
	CMPQ  CX, $4
	JLT   one
	LEAQ  (SI)(BX*1), R8
	LEAQ  (R8)(BX*1), R9
	LEAQ  (R9)(BX*1), R10
	LEAQ  8192(SI), R11
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	XORQ  AX, AX

four16:
	PREFETCHT0 (R11)(AX*4)
	VMOVDQU   (DX)(AX*2), Y4
	VPMOVSXBW (SI)(AX*1), Y5
	VPMOVSXBW (R8)(AX*1), Y6
	VPMOVSXBW (R9)(AX*1), Y7
	VPMOVSXBW (R10)(AX*1), Y8
	VPMADDWD  Y4, Y5, Y5
	VPMADDWD  Y4, Y6, Y6
	VPMADDWD  Y4, Y7, Y7
	VPMADDWD  Y4, Y8, Y8
	VPADDD    Y5, Y0, Y0
	VPADDD    Y6, Y1, Y1
	VPADDD    Y7, Y2, Y2
	VPADDD    Y8, Y3, Y3
	ADDQ      $16, AX
	CMPQ      AX, BX
	JLT       four16

	// Four sums of eight become four numbers.
	VPHADDD      Y1, Y0, Y0
	VPHADDD      Y3, Y2, Y2
	VPHADDD      Y2, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VMOVDQU      X0, (DI)
	ADDQ         $16, DI
	LEAQ         (R10)(BX*1), SI
	SUBQ         $4, CX
	JMP          four

one:
	TESTQ CX, CX
	JZ    done
	VPXOR Y0, Y0, Y0
	XORQ  AX, AX

one16:
	VPMOVSXBW (SI)(AX*1), Y5
	VPMADDWD  (DX)(AX*2), Y5, Y5
	VPADDD    Y5, Y0, Y0
	ADDQ      $16, AX
	CMPQ      AX, BX
	JLT       one16

	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VPHADDD      X0, X0, X0
	VPHADDD      X0, X0, X0
	VMOVD        X0, (DI)
	ADDQ         $4, DI
	ADDQ         BX, SI
	DECQ         CX
	JMP          one

done:
	VZEROUPPER
	RET

// func dotAVX2(v, w *float32, n int) float32
TEXT ·dotAVX2(SB), NOSPLIT, $0-28
	MOVQ   v+0(FP), SI
	MOVQ   w+8(FP), DX
	MOVQ   n+16(FP), CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	XORQ   AX, AX

pair:
	LEAQ        16(AX), R8
	CMPQ        R8, CX
	JGT         last
	VMOVUPS     (SI)(AX*4), Y2
	VMOVUPS     32(SI)(AX*4), Y3
	VFMADD231PS (DX)(AX*4), Y2, Y0
	VFMADD231PS 32(DX)(AX*4), Y3, Y1
	MOVQ        R8, AX
	JMP         pair

last:
	CMPQ        AX, CX
	JGE         sum
	VMOVUPS     (SI)(AX*4), Y2
	VFMADD231PS (DX)(AX*4), Y2, Y0

sum:
	VADDPS       Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VHADDPS      X0, X0, X0
	VHADDPS      X0, X0, X0
	VMOVSS       X0, ret+24(FP)
	VZEROUPPER
	RET

// func aboveAVX2(mask *uint64, sums, weights *float32, words, channels int, floor float32)
TEXT ·aboveAVX2(SB), NOSPLIT, $0-44
	MOVQ         mask+0(FP), DI
	MOVQ         sums+8(FP), SI
	MOVQ         weights+16(FP), DX
	MOVQ         words+24(FP), CX
	MOVQ         channels+32(FP), BX
	VBROADCASTSS floor+40(FP), Y7
	SHLQ         $3, CX             // eight slots make a byte of the mask

eight:
	TESTQ  CX, CX
	JZ     end
	VXORPS Y0, Y0, Y0
	MOVQ   SI, R8
	XORQ   AX, AX

channel:
	VBROADCASTSS (DX)(AX*4), Y1
	VFMADD231PS  (R8), Y1, Y0
	ADDQ         $0x40000, R8       // 4 * maxSlot
	INCQ         AX
	CMPQ         AX, BX
	JLT          channel

	VCMPPS    $13, Y7, Y0, Y0       // at least, and false for what is no number
	VMOVMSKPS Y0, R9
	MOVB      R9, (DI)
	INCQ      DI
	ADDQ      $32, SI
	DECQ      CX
	JMP       eight

end:
	VZEROUPPER
	RET
