namespace OptDsl.Generator.Model;

/// <summary>What a rule keeps a value for.</summary>
internal enum MemoryRole
{
    State,
    RunningAverage,

    /// <summary>The last step's value of what is no state.</summary>
    Previous,

    /// <summary>The model to use and save.</summary>
    ReadAt,

    /// <summary>The correction that an average's readers last saw: no state of the rule.</summary>
    Correction,

    /// <summary>The product of the decays of an average whose decay changes: no state of the rule.</summary>
    DecayProduct,
}
