package nucleus.caps.internal.threads;

import java.util.HexFormat;

/**
 * The machine code, as assembled from {@code handler_x86_64.S} and {@code handler_aarch64.S}, which explain it. The
 * signal handler itself is at the beginning.
 *
 * @param hex the text section
 * @param restorer where in it a handler returns to, or {@link #NONE}
 */
record Handler(String hex, int restorer) {

    /** The kernel lets a handler return by itself. */
    static final int NONE = -1;

    /** From the code to the words that it reads: {@code current} and behind it {@code previous}. */
    static final long TO_DATA = 0x10000;

    static final Handler X86_64 = new Handler("""
            f30f1efa488b05f5ff00004885c00f848d000000837e08ff0f85830000004839
            4618757d8b4820394e1075754889c3b8ba0000000f054189c44c8b6b104c8d73
            404531ff31c04d39ef732e498b06498b7e08498b7610498b56184d8b56204d8b
            46284d8b4e300f05483d01f0ffff730949ffc74983c638ebcdb901000000f00f
            c10b483b4b08731448c1e10448034b184889410844897904448921c3f0ff4304
            c3488b0560ff00004885c07402ffe0c348c7c00f0000000f05
            """, 0xb0);

    static final Handler AARCH64 = new Handler("""
            5f2403d5e9ff07102a0140f94a0600b42b0840b97f050031e10500542b0c40f9
            7f010aeb810500542b1040b94c2140b97f010c6b01050054f3030aaa481680d2
            010000d4f403002a750a40f976020191170080d2000080d2ff0215eb62010054
            c80240a9c10a41a9c31242a9c51a40f9010000d41f0440b188000054f7060091
            d6e20091f5ffff176afe5f884b0500116bfe0c88acffff356b0640f95f010beb
            e20000546b0e40f96b110a8b600500f9770500b974fd9f88c0035fd66d120091
            aafd5f884a050011aafd0c88acffff35c0035fd6300540f9500000b400021fd6
            c0035fd6
            """, NONE);

    byte[] code() {
        return HexFormat.of().parseHex(hex.replace("\n", ""));
    }
}
