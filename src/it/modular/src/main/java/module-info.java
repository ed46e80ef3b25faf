/** A program that is a module: what the library logs to is not named here. */
module example.modular {
    requires nucleus.caps;
}
