package nucleus.caps.internal.launch;

import java.util.HexFormat;

/** The machine code, assembled from {@code image_x86_64.S} and {@code image_aarch64.S}. These files explain it. */
enum ChildImage {

    X86_64(62, """
            4989e54883ec104989e6488d1dff0000004531e4488b034883f8ff0f84800000
            004883f8fe0f8498000000488b7b08488b7310488b53184c8b53204c8b43284c
            8b4b3083f83b7526498b4d00498d54cd104885f674144883fd08753949897d08
            49897510498d7508eb04498d75100f05483b4338741f4889c5e858000000488b
            4340a801750f48f7dd4883fd3f773b480fa3e8733549ffc44883c348e973ffff
            ff31ede82e000000b8000000008b3d550000004c89f6ba010000000f054883f8
            0174d231ede80c000000b83c000000bf7d0000000f054d892649896e08b80100
            00008b3d180000004c89f6ba100000000f054883f81075d2c30f1f8000000000
            """),

    AARCH64(183, """
            f4030091ff4300d155080010f6031faaa80240f91f0500b1400400541f0900b1
            20050054a08640a9a28e41a9a49642a91f7503f161010054890240f98a420091
            420d098bc10000b4ff2200f141020054808600a98122009102000014e1030aaa
            010000d4aa1e40f91f000aeb40010054f70300aa19000094aa2240f9ca000037
            f70317cbfffe00f1280200544a25d79aea010036d6060091b5220191ddffff17
            f7031faa0d000094e80780d2e0020058e1030091220080d2010000d41f0400f1
            a0feff54f7031faa04000094a80b80d2a00f80d2010000d4f65f00a9080880d2
            00010058e1030091020280d2010000d41f4000f1c1feff54c0035fd61f2003d5
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
