package nucleus.caps.internal.threads;

import java.util.HexFormat;

/**
 * The machine code, assembled from {@code handler_x86_64.S}, {@code handler_aarch64.S} and {@code handler_riscv64.S}. These
 * files explain it. The code begins with the signal handler.
 *
 * @param hex the text section
 * @param restorer the offset of the code that a handler returns to, or {@link #NONE}
 * @param mask the offset of the mask in the kernel's struct sigaction
 */
record Handler(String hex, int restorer, int mask) {

    /** The kernel needs no restorer. */
    static final int NONE = -1;

    /** The offset from the code to the two words that it reads: {@code current}, then {@code previous}. */
    static final long TO_DATA = 0x10000;

    static final Handler X86_64 = new Handler("""
            f30f1efa488b05f5ff00004885c00f84ed000000837e08ff0f85e30000004839
            46180f85d90000008b4828394e100f85cd0000004889c34c8b7b1041bd010000
            00f0450fc12f4c3b6b180f83ab0000004c0faf6b204f8d6c2f408b4604418945
            04b8ba0000000f054189c44c8d73404d8d7d184c3b7308737d498b06498b7e08
            498b7610498b56184d8b56204d8b46284d8b4e30418b4e38f6c10174034c01ef
            f6c10274034c01eef6c10474034c01ea4885c078300f054c3b33720d49890749
            83c7084983c640ebaa483d01f0ffff72f24d8975084989451041f646380875e3
            4c8b33eb8e23174423164409d24409c2891731c0ebc145896500c3f041ff4704
            c3488b0500ff00004885c07402ffe0c348c7c00f0000000f05
            """, 0x110, 24);

    static final Handler AARCH64 = new Handler("""
            5f2403d5e9ff07102a0140f96a0900b42b0840b97f050031010900542b0c40f9
            7f010aeba10800542b1040b94c2940b97f010c6b21080054f3030aaa740a40f9
            95fe5f88ab0600118bfe0c88acffff356b0e40f9bf020beb420600546b1240f9
            b5520b9bb50201912b0440b9ab0600b9481680d2010000d4f603002a77020191
            b86200916b0640f9ff020beb62040054e80240a9e10a41a9e31242a9e52643a9
            490000360000158b490008362100158b490010364200158be801f8b7010000d4
            6b0240f9ff020beb83000054008700f8f7020191ecffff171f0440b1a9ffff54
            b70600f9a00a00f949ff1f37770240f9e5ffff170b0040b96b01020a2c0040b9
            8c01030a6b010c2a6b01042a0b0000b9000080d2ebffff17b6fe9f88c0035fd6
            8d120091aafd5f884a050011aafd0c88acffff35c0035fd6300540f9500000b4
            00021fd6c0035fd6
            """, NONE, 24);

    static final Handler RISCV64 = new Handler("""
            9702010003b30200630a031283a38500130ef0ff6394c31383b3850163906312
            83a30501032e8302639ac3119304030003b9040193031000af29790683b38401
            63f6790e83b30402b3897902b38929019389090483a3450023a279009308200b
            73000000130a0500938a0404138b890183b3840063f67a0a83b80a0003b58a00
            83b50a0103b68a0183b60a0203b78a0283b70a0383bb8a0393f31b0063840300
            3305350193f32b0063840300b385350193f34b00638403003306360163c00804
            7300000083b3040063ea7a002330ab00130b8b00938a0a046ff09ff9b7f3ffff
            e3faa3fe23b4590123b8a90093f38b00e39203fe83ba04006ff09ff783230500
            b3f3c30003ae0500337ede00b3e3c301b3e3e30023207500130500006ff09ffa
            0f00100323a049016780000093034900130e10002fa0c3076780000083b38200
            638403006780030067800000
            """, NONE, 16);

    byte[] code() {
        return HexFormat.of().parseHex(hex.replace("\n", ""));
    }
}
