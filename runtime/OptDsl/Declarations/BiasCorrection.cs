namespace OptDsl;

/// <summary>How readers of a decayed running average see it while it still remembers its start.</summary>
public enum BiasCorrection
{
    /// <summary>Readers see the average as it is stored.</summary>
    None,

    /// <summary>Readers see the average times 1 / (1 - decay^t), t counted from 1 (Kingma and Ba 2015, section 3).</summary>
    Published,
}
