namespace OptDsl;

/// <summary>How members that read an average with a decay see it while its initial value still has weight.</summary>
public enum BiasCorrection
{
    /// <summary>Readers see the average as stored.</summary>
    None,

    /// <summary>Readers see the average times 1 / (1 - decay^t), t counted from 1 (Kingma and Ba 2015, section 3).</summary>
    Published,
}
