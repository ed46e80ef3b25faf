package nucleus.caps.internal.launch;

import java.util.HexFormat;

/** The machine code, assembled from {@code image_x86_64.S} and {@code image_aarch64.S}. These files explain it. */
enum ChildImage {

    X86_64(62, """
            4989e54883ec104989e6488d1db70000004531e4488b034883f8ff745c4883f8
            fe7477488b7b08488b7310488b53184c8b53204c8b43284c8b4b3083f83b750d
            498b4d00498d7510498d54cd100f05483b4338741b4889c5e84900000048f7dd
            4883fd3f7734488b4340480fa3e8732a49ffc44883c348eb9b31ede826000000
            b800000000bf040000004c89f6ba010000000f054883f80174d6b83c000000bf
            7d0000000f054d892649896e08b801000000bf030000004c89f6ba100000000f
            05c3660f1f440000
            """),

    AARCH64(183, """
            f4030091ff4300d155060010f6031faaa80240f91f0500b1400300541f0900b1
            20040054a08640a9a28e41a9a49642a91f7503f181000054890240f981420091
            220c098b010000d4aa1e40f91f000aeb20010054f70300aa16000094f70317cb
            fffe00f108020054aa2240f94a25d79aaa010036d6060091b5220191e5ffff17
            f7031faa0b000094e80780d2800080d2e1030091220080d2010000d41f0400f1
            a0feff54a80b80d2a00f80d2010000d4f65f00a9080880d2600080d2e1030091
            020280d2010000d4c0035fd61f2003d5
            """);

    private final int machine;
    private final String hex;

    ChildImage(int machine, String hex) {
        this.machine = machine;
        this.hex = hex;
    }

    /** @throws UnsupportedOperationException if the processor has no image */
    static ChildImage of(String osArch) {
        return switch (osArch) {
            case "amd64" -> X86_64;
            case "aarch64" -> AARCH64;
            default -> throw new UnsupportedOperationException("a program can be launched on amd64 and aarch64, not on "
                    + osArch + ": there is no image for it");
        };
    }

    /** The number of this processor in an ELF file, {@code EM_…}. */
    int machine() {
        return machine;
    }

    byte[] code() {
        return HexFormat.of().parseHex(hex.replace("\n", ""));
    }
}
