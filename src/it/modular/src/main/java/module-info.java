/** A program that is a module: log4j is the library's matter, and is not named here. */
module example.modular {
    requires nucleus.caps;
}
