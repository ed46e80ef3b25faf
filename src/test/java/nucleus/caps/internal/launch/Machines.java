package nucleus.caps.internal.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import nucleus.caps.internal.threads.Tool;

/** The processors that there is an image for: how to assemble it, and how to run it here. */
enum Machines {

    X86_64(ChildImage.X86_64, "amd64", "", "binutils", List.of()),
    AARCH64(ChildImage.AARCH64, "aarch64", "aarch64-linux-gnu-", "binutils-aarch64-linux-gnu",
            List.of("qemu-aarch64-static"));

    private static final Path SOURCES = Tool.BASEDIR.resolve("src/main/java/nucleus/caps/internal/launch");

    private final ChildImage image;
    private final String osArch;
    private final Tool assembler;
    private final Tool objcopy;
    private final List<String> emulator;

    Machines(ChildImage image, String osArch, String prefix, String binutils, List<String> emulator) {
        boolean isThis = osArch.equals(System.getProperty("os.arch"));
        this.image = image;
        this.osArch = osArch;
        this.emulator = isThis ? List.of() : emulator;
        assembler = new Tool((isThis ? "" : prefix) + "as", binutils);
        objcopy = new Tool((isThis ? "" : prefix) + "objcopy", binutils);
    }

    ChildImage image() {
        return image;
    }

    String osArch() {
        return osArch;
    }

    /** What stands before a program of that processor. */
    List<String> emulator() {
        return emulator;
    }

    /** The file with the bytes of the assembled source. */
    Path assembled(Path directory) {
        String name = "image_" + name().toLowerCase(Locale.ROOT);
        Path object = directory.resolve(name + ".o");
        Path text = directory.resolve(name + ".text");
        assembler.run("--fatal-warnings", "-o", object.toString(), SOURCES.resolve(name + ".S").toString());
        objcopy.run("-O", "binary", "-j", ".text", object.toString(), text.toString());
        return text;
    }
}
